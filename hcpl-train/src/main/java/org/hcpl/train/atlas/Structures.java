package org.hcpl.train.atlas;

/** What every cell shows, whatever the protein: nucleus, microtubules and endoplasmic reticulum. */
final class Structures {
  private Structures() {}

  /** DNA: chromatin in grains, nucleoli darker, an edge slightly brighter; bright in division. */
  static Patch nucleus(Cell cell, Texture texture, Draws draws, double scale) {
    int shiftY = draws.below(Texture.TILE);
    int shiftX = draws.below(Texture.TILE);
    double grain = draws.uniform(0.08, 0.2);
    double level = cell.dividing ? 1.1 : draws.uniform(0.45, 0.75);
    return new Patch(cell)
        .fill(
            (i, y, x) -> {
              double inside = Falloff.step(-cell.outside[i], -0.7 * scale, 1.2 * scale);
              if (inside == 0) {
                return 0;
              }
              double chromatin =
                  1
                      + grain * texture.at(Texture.MEDIUM, y + shiftY, x + shiftX)
                      + grain * texture.at(Texture.SMALL, y + shiftY, x + shiftX);
              double rim = 0.12 * Falloff.gauss(cell.outside[i] + 2 * scale, 1.5 * scale);
              return level * inside * (chromatin * (1 - 0.55 * nucleolus(cell, y, x, scale)) + rim);
            });
  }

  /** 1 in a nucleolus, 0 outside, with a soft edge. */
  static double nucleolus(Cell cell, double y, double x, double scale) {
    double most = 0;
    for (double[] nucleolus : cell.nucleoli) {
      double dy = y - nucleolus[0];
      double dx = x - nucleolus[1];
      double away = Math.sqrt(dy * dy + dx * dx) - nucleolus[2];
      most = Math.max(most, 1 - Falloff.step(away, -1.2 * scale, 1 * scale));
    }
    return most;
  }

  /** Threads from beside the nucleus to the border; in division the spindle. */
  static Patch microtubules(Cell cell, Draws draws, double scale) {
    Patch patch = new Patch(cell);
    if (cell.dividing) {
      spindle(patch, draws, scale, 0.35);
      double level = draws.uniform(0.05, 0.12);
      return patch.fill((i, y, x) -> level);
    }
    double radius = cell.nucleusRadius / scale;
    int count = (int) (5.5 * radius * draws.uniform(0.8, 1.2));
    double wobble = draws.uniform(0.018, 0.035);
    for (int i = 0; i < count; i++) {
      double light = draws.uniform(0.08, 0.3);
      // A few pass over the nucleus.
      double nearest = draws.chance(0.08) ? 0 : 1.03;
      Filament thread = new Filament(wobble, light, thickness(scale), nearest, 1.2 * scale);
      double length = cell.nucleusRadius * draws.uniform(1, 4);
      if (draws.chance(0.4)) {
        thread.draw(patch, draws, cell.poleY, cell.poleX, draws.angle(), length);
      } else {
        double from = draws.angle();
        double away = Cell.at(cell.nucleus, from) * draws.uniform(1.06, 1.5);
        thread.draw(
            patch,
            draws,
            cell.y + away * StrictMath.sin(from),
            cell.x + away * StrictMath.cos(from),
            from + 0.7 * draws.gaussian(),
            length);
      }
    }
    patch.spot(cell.poleY, cell.poleX, 2 * scale, 0.25);
    double level = draws.uniform(0.02, 0.07);
    return patch.fill(
        (i, y, x) -> cell.relative[i] < 1 ? 0.3 * level : level * thickness(cell, i, scale));
  }

  /** Threads thinner than a pixel need no profile. */
  static double thickness(double scale) {
    return scale > 1.6 ? 0.45 * scale : 0;
  }

  /** Bundles of threads from two poles to the plate between them, and short asters outwards. */
  static void spindle(Patch patch, Draws draws, double scale, double light) {
    Cell cell = patch.cell;
    double pole = 0.95 * cell.nucleusRadius;
    for (int side = -1; side <= 1; side += 2) {
      double poleY = cell.y + side * pole * StrictMath.sin(cell.axis);
      double poleX = cell.x + side * pole * StrictMath.cos(cell.axis);
      Filament bundle = new Filament(0.008, light, thickness(scale), 0, 0.5);
      for (int i = 0; i < 34; i++) {
        double across = draws.uniform(-0.62, 0.62) * cell.nucleusRadius;
        double targetY = cell.y + across * StrictMath.cos(cell.axis);
        double targetX = cell.x - across * StrictMath.sin(cell.axis);
        double dy = targetY - poleY;
        double dx = targetX - poleX;
        double length = Math.sqrt(dy * dy + dx * dx) * draws.uniform(0.75, 1.1);
        bundle.draw(patch, draws, poleY, poleX, StrictMath.atan2(dy, dx), length);
      }
      Filament aster = new Filament(0.03, 0.35 * light, thickness(scale), 0, 1);
      for (int i = 0; i < 14; i++) {
        double heading = cell.axis + (side > 0 ? 0 : StrictMath.PI) + draws.gaussian();
        double length = cell.nucleusRadius * draws.uniform(0.2, 0.5);
        aster.draw(patch, draws, poleY, poleX, heading, length);
      }
      patch.spot(poleY, poleX, 1.8 * scale, 1.6 * light);
    }
  }

  /** A network around the nucleus that thins out towards the border. */
  static Patch reticulum(Cell cell, Texture texture, Draws draws, double scale) {
    int shiftY = draws.below(Texture.TILE);
    int shiftX = draws.below(Texture.TILE);
    double reach = cell.nucleusRadius * draws.uniform(0.5, 0.9);
    double level = draws.uniform(0.4, 0.65);
    boolean dividing = cell.dividing;
    return new Patch(cell)
        .fill(
            (i, y, x) -> {
              double out = cell.outside[i];
              double ridge = texture.at(Texture.SMALL, y + shiftY, x + shiftX) / 0.55;
              double network = 0.3 + 0.9 * Falloff.exp(ridge * ridge);
              double sheet = 1 + 0.25 * texture.at(Texture.MEDIUM, y + shiftX, x + shiftY);
              if (dividing) {
                return level * 0.5 * network * Falloff.step(cell.relative[i], 1, 2.2);
              }
              if (out < 0) {
                double envelope = 0.35 * Falloff.gauss(out, 1.1 * scale);
                return level * (0.13 + envelope) * network;
              }
              double fall = 0.22 + 0.85 * Falloff.exp(out / reach);
              return level * fall * network * sheet * thickness(cell, i, scale);
            });
  }

  /** How thick the cell is at a pixel, 0 at the border to 1. */
  static double thickness(Cell cell, int i, double scale) {
    double rim = Math.min(1, cell.edge[i] / (9 * scale));
    return Math.sqrt(rim) * (0.6 + 0.4 * Falloff.exp(Math.max(0, cell.outside[i]) / (22 * scale)));
  }
}
