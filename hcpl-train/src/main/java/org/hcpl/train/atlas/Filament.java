package org.hcpl.train.atlas;

/**
 * A thread in a cell, drawn by a walk that keeps its direction, sways a little, and turns along the
 * cell's border and around the nucleus.
 *
 * @param wobble random change of direction a step, radians
 * @param light of each step
 * @param thickness 0 for a thread thinner than a pixel, else the standard deviation of its profile
 * @param nearest how near the centre it comes, in units of the nucleus's edge; 0 to cross it freely
 * @param border how near the cell's border it comes, pixels
 */
record Filament(double wobble, double light, double thickness, double nearest, double border) {
  /** Turns that are tried, in this order, when the way ahead is barred. */
  private static final double[] TURNS = {0.3, -0.3, 0.7, -0.7, 1.2, -1.2};

  private static final double ENDS = 0.12;

  /** Walks from a place in a direction. */
  void draw(Patch patch, Draws draws, double y, double x, double heading, double length) {
    Cell cell = patch.cell;
    double step = thickness > 0 ? Math.max(0.8, thickness) : 0.8;
    double side = draws.chance(0.5) ? 1 : -1;
    double atY = y;
    double atX = x;
    double direction = heading;
    double bend = 0;
    for (double done = 0; done < length; done += step) {
      // The sway has a memory of about six steps, as bending of a stiff thread has.
      bend = 0.85 * bend + wobble * draws.gaussian();
      direction += bend;
      double turn = 0;
      int tried = 0;
      while (!isFree(cell, atY, atX, direction + turn, step) && tried < TURNS.length) {
        turn = side * TURNS[tried++];
      }
      // Not all turn: some end where they are barred.
      if (tried == TURNS.length || (tried > 0 && draws.chance(ENDS))) {
        return;
      }
      direction += turn;
      atY += step * StrictMath.sin(direction);
      atX += step * StrictMath.cos(direction);
      if (thickness > 0) {
        patch.spot(atY, atX, thickness, light);
      } else {
        patch.point(atY, atX, light);
      }
    }
  }

  private boolean isFree(Cell cell, double y, double x, double direction, double step) {
    double nextY = y + 2 * step * StrictMath.sin(direction);
    double nextX = x + 2 * step * StrictMath.cos(direction);
    return cell.edgeAt(nextY, nextX) > border
        && (nearest == 0
            || cell.relativeAt(nextY, nextX) > Math.min(nearest, cell.relativeAt(y, x)));
  }
}
