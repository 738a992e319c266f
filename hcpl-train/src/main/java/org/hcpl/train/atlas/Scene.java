package org.hcpl.train.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the cells of an image lie: placed at random, touching where they are dense, never
 * overlapping. The canvas reaches beyond the image on all sides, so that cells are cut by its
 * border.
 */
final class Scene {
  final int size;

  /** Pixels by which the canvas exceeds the image on each side. */
  final int margin;

  /** Pixels a pixel of 0.32 micrometres has. */
  final double scale;

  /** Pixel to cell, -1 where there is none, {@code [size, size]} of the canvas. */
  final short[] owner;

  final List<Cell> cells = new ArrayList<>();

  /**
   * Places cells.
   *
   * @param wanted cells whose centre is in the image
   * @param dividing probability that a cell is in division; if above 0 the first one is
   */
  Scene(Draws draws, int imageSize, int wanted, double dividing, double scale) {
    this.scale = scale;
    margin = (int) (45 * scale);
    size = imageSize + 2 * margin;
    owner = new short[size * size];
    Arrays.fill(owner, (short) -1);
    place(draws, imageSize, wanted, dividing);
    own();
    keepConnected();
    float[] distance = distanceToBorder();
    for (int i = 0; i < cells.size(); i++) {
      measure(cells.get(i), i, distance);
    }
  }

  private void place(Draws draws, int imageSize, int wanted, double dividing) {
    Style style = Style.random(draws);
    int inside = 0;
    for (int attempt = 0; attempt < 80 * wanted && inside < wanted; attempt++) {
      double y = draws.uniform(0, size);
      double x = draws.uniform(0, size);
      if (cells.isEmpty()) {
        // At least one cell is in the image as a whole, or as much of it as fits.
        y = size / 2.0 + draws.uniform(-0.15, 0.15) * imageSize;
        x = size / 2.0 + draws.uniform(-0.15, 0.15) * imageSize;
      }
      boolean divides = dividing > 0 && (cells.isEmpty() || draws.chance(dividing));
      Cell cell = new Cell(draws.split(), style, y, x, divides, scale);
      if (isFree(cell, style)) {
        cells.add(cell);
        boolean inImage = Math.min(y, x) >= margin && Math.max(y, x) < size - margin;
        inside += inImage ? 1 : 0;
      }
    }
  }

  private boolean isFree(Cell cell, Style style) {
    for (Cell other : cells) {
      double dy = cell.y - other.y;
      double dx = cell.x - other.x;
      double apart = Math.sqrt(dy * dy + dx * dx);
      double radii = (cell.nucleusRadius + other.nucleusRadius) * 2.2;
      double nuclei = cell.nucleusReach() + other.nucleusReach();
      if (apart < Math.max(style.packing() * radii, nuclei + 5 * scale)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A pixel belongs to the cell of which it is nearest the centre in units of the cell's radius.
   */
  private void own() {
    float[] best = new float[size * size];
    Arrays.fill(best, 1);
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      double reach = cell.bodyReach() + 1;
      cell.top = Math.max(0, (int) (cell.y - reach));
      cell.left = Math.max(0, (int) (cell.x - reach));
      cell.height = Math.min(size, (int) (cell.y + reach) + 1) - cell.top;
      cell.width = Math.min(size, (int) (cell.x + reach) + 1) - cell.left;
      for (int row = cell.top; row < cell.top + cell.height; row++) {
        for (int column = cell.left; column < cell.left + cell.width; column++) {
          double dy = row - cell.y;
          double dx = column - cell.x;
          double radius = Math.sqrt(dy * dy + dx * dx);
          if (radius > reach) {
            continue;
          }
          double angle = StrictMath.atan2(dy, dx);
          double near = radius / Cell.at(cell.body, angle);
          // The nucleus always is its own cell's.
          if (radius < Cell.at(cell.nucleus, angle) + 2 * scale) {
            near = -1;
          }
          int at = row * size + column;
          if (near < best[at]) {
            best[at] = (float) near;
            owner[at] = (short) i;
          }
        }
      }
    }
  }

  /** Drops parts that a neighbour cut off from their nucleus. */
  private void keepConnected() {
    boolean[] reached = new boolean[size * size];
    int[] stack = new int[size * size];
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      int row = Math.max(0, Math.min(size - 1, (int) cell.y));
      int column = Math.max(0, Math.min(size - 1, (int) cell.x));
      int used = 0;
      stack[used++] = row * size + column;
      reached[stack[0]] = true;
      while (used > 0) {
        int at = stack[--used];
        int x = at % size;
        int[] neighbours = {x > 0 ? at - 1 : -1, x < size - 1 ? at + 1 : -1, at - size, at + size};
        for (int next : neighbours) {
          if (next >= 0 && next < owner.length && !reached[next] && owner[next] == i) {
            reached[next] = true;
            stack[used++] = next;
          }
        }
      }
    }
    for (int at = 0; at < owner.length; at++) {
      if (!reached[at]) {
        owner[at] = -1;
      }
    }
  }

  /** Distance of each pixel to the nearest of another owner, by two sweeps with steps 1 and 1.4. */
  private float[] distanceToBorder() {
    float[] distance = new float[size * size];
    for (int pass = 0; pass < 2; pass++) {
      int step = pass == 0 ? 1 : -1;
      int first = pass == 0 ? 0 : size - 1;
      for (int row = first; row >= 0 && row < size; row += step) {
        for (int column = first; column >= 0 && column < size; column += step) {
          int at = row * size + column;
          float best = pass == 0 ? Float.MAX_VALUE : distance[at];
          best = Math.min(best, through(distance, at, row, column - step, 1));
          best = Math.min(best, through(distance, at, row - step, column - step, 1.4f));
          best = Math.min(best, through(distance, at, row - step, column, 1));
          best = Math.min(best, through(distance, at, row - step, column + step, 1.4f));
          distance[at] = best;
        }
      }
    }
    return distance;
  }

  private float through(float[] distance, int at, int row, int column, float step) {
    if (row < 0 || row >= size || column < 0 || column >= size) {
      return Float.MAX_VALUE;
    }
    int from = row * size + column;
    return owner[from] == owner[at] ? distance[from] + step : step / 2;
  }

  private void measure(Cell cell, int number, float[] distance) {
    int pixels = cell.height * cell.width;
    cell.edge = new float[pixels];
    cell.relative = new float[pixels];
    cell.outside = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      int row = cell.top + i / cell.width;
      int column = cell.left + i % cell.width;
      double dy = row - cell.y;
      double dx = column - cell.x;
      double radius = Math.sqrt(dy * dy + dx * dx);
      double nucleus = Cell.at(cell.nucleus, StrictMath.atan2(dy, dx));
      cell.relative[i] = (float) (radius / nucleus);
      cell.outside[i] = (float) (radius - nucleus);
      int at = row * size + column;
      cell.edge[i] = owner[at] == number ? distance[at] : 0;
    }
  }
}
