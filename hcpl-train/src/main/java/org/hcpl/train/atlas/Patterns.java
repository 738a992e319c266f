package org.hcpl.train.atlas;

/**
 * The protein in one cell, one method for each of the 19 classes of 2021. A pattern's brightest
 * parts reach about 1.
 */
final class Patterns {
  private final Cell cell;
  private final Texture texture;
  private final Draws draws;
  private final double scale;
  private final Patch microtubules;
  private final Patch reticulum;
  private final int shiftY;
  private final int shiftX;

  /**
   * Patterns in a cell.
   *
   * @param microtubules as the red channel shows them
   * @param reticulum as the yellow channel shows it
   * @param scale pixels a pixel of 0.32 micrometres has
   */
  Patterns(
      Cell cell, Texture texture, Draws draws, double scale, Patch microtubules, Patch reticulum) {
    this.cell = cell;
    this.texture = texture;
    this.draws = draws;
    this.scale = scale;
    this.microtubules = microtubules;
    this.reticulum = reticulum;
    shiftY = draws.below(Texture.TILE);
    shiftX = draws.below(Texture.TILE);
  }

  /** The light of a class. */
  Patch draw(int label) {
    Patch patch = new Patch(cell);
    switch (label) {
      case 0 -> nucleoplasm(patch, 0.75);
      case 1 -> nuclearMembrane(patch);
      case 2 -> nucleoli(patch);
      case 3 -> fibrillarCenter(patch);
      case 4 -> nuclearSpeckles(patch);
      case 5 -> nuclearBodies(patch);
      case 6 -> patch.add(reticulum, 1.5);
      case 7 -> golgi(patch);
      case 8 -> intermediateFilaments(patch);
      case 9 -> actinFilaments(patch);
      case 10 -> patch.add(microtubules, 1.2);
      case 11 -> mitoticSpindle(patch);
      case 12 -> centrosome(patch);
      case 13 -> plasmaMembrane(patch);
      case 14 -> mitochondria(patch);
      case 15 -> aggresome(patch);
      case 16 -> cytosol(patch, draws.uniform(0.5, 0.7));
      case 17 -> vesicles(patch);
      case 18 -> unspecific(patch, draws.uniform(0.01, 0.03));
      default -> throw new AtlasException("no pattern for label " + label);
    }
    return patch;
  }

  private double grain(int size, int y, int x) {
    return texture.at(size, y + shiftY, x + shiftX);
  }

  private double inNucleus(int i) {
    return Falloff.step(-cell.outside[i], -0.6 * scale, 1.2 * scale);
  }

  /** A haze over the whole cell. */
  private void unspecific(Patch patch, double level) {
    patch.fill((i, y, x) -> level * Structures.thickness(cell, i, scale));
  }

  private void nucleoplasm(Patch patch, double level) {
    patch.fill(
        (i, y, x) -> {
          double inside = inNucleus(i);
          return inside == 0
              ? 0
              : level
                  * inside
                  * (1 + 0.14 * grain(Texture.MEDIUM, y, x) + 0.12 * grain(Texture.FINE, y, x))
                  * (1 - 0.8 * Structures.nucleolus(cell, y, x, scale));
        });
  }

  /** A thin bright rim, a fold or two, a faint inside. */
  private void nuclearMembrane(Patch patch) {
    nucleoplasm(patch, 0.16);
    patch.fill(
        (i, y, x) ->
            (1 + 0.25 * grain(Texture.SMALL, y, x)) * Falloff.gauss(cell.outside[i], 1.1 * scale));
    for (int fold = draws.below(3); fold > 0; fold--) {
      double from = draws.angle();
      double away = 0.9 * Cell.at(cell.nucleus, from);
      new Filament(0.04, 0.35, 0.7 * scale, 0, 1)
          .draw(
              patch,
              draws,
              cell.y + away * StrictMath.sin(from),
              cell.x + away * StrictMath.cos(from),
              from + StrictMath.PI + draws.uniform(-0.6, 0.6),
              cell.nucleusRadius * draws.uniform(0.5, 1));
    }
  }

  private void nucleoli(Patch patch) {
    nucleoplasm(patch, draws.uniform(0.06, 0.16));
    patch.fill(
        (i, y, x) ->
            inNucleus(i)
                * Structures.nucleolus(cell, y, x, scale)
                * (0.95 + 0.2 * grain(Texture.SMALL, y, x)));
  }

  /** Small dots in and on the nucleoli. */
  private void fibrillarCenter(Patch patch) {
    nucleoplasm(patch, draws.uniform(0.05, 0.12));
    for (double[] nucleolus : cell.nucleoli) {
      patch.spot(nucleolus[0], nucleolus[1], nucleolus[2] * 0.6, 0.15);
      int dots = draws.between(3, 7);
      for (int i = 0; i < dots; i++) {
        double angle = draws.angle();
        double away = nucleolus[2] * draws.uniform(0.1, 0.85);
        patch.spot(
            nucleolus[0] + away * StrictMath.sin(angle),
            nucleolus[1] + away * StrictMath.cos(angle),
            draws.uniform(0.75, 1.1) * scale,
            draws.uniform(0.7, 1.2));
      }
    }
  }

  /** Many irregular patches between the nucleoli. */
  private void nuclearSpeckles(Patch patch) {
    double threshold = draws.uniform(0.55, 0.8);
    patch.fill(
        (i, y, x) -> {
          double inside = inNucleus(i);
          if (inside == 0) {
            return 0;
          }
          double height = 0.75 * grain(Texture.SMALL, y, x) + 0.65 * grain(Texture.MEDIUM, y, x);
          double patches = Falloff.step(height, threshold, threshold + 0.8);
          return inside
              * (0.2 + 0.85 * patches)
              * (1 - 0.85 * Structures.nucleolus(cell, y, x, scale));
        });
  }

  /** A few round dots apart from the nucleoli. */
  private void nuclearBodies(Patch patch) {
    nucleoplasm(patch, draws.uniform(0.08, 0.16));
    int wanted = draws.between(3, 9);
    for (int attempt = 0; attempt < 60 && wanted > 0; attempt++) {
      double angle = draws.angle();
      double away = Cell.at(cell.nucleus, angle) * StrictMath.sqrt(draws.uniform(0, 0.72));
      double y = cell.y + away * StrictMath.sin(angle);
      double x = cell.x + away * StrictMath.cos(angle);
      if (Structures.nucleolus(cell, y, x, 4 * scale) < 0.3) {
        patch.spot(y, x, draws.uniform(1.0, 1.7) * scale, draws.uniform(0.7, 1.1));
        wanted--;
      }
    }
  }

  /** A ribbon of stacked, wavy bands against one side of the nucleus. */
  private void golgi(Patch patch) {
    unspecific(patch, draws.uniform(0.03, 0.08));
    double spread = draws.uniform(0.4, 0.95);
    int bands = draws.between(7, 12);
    for (int band = 0; band < bands; band++) {
      double from = cell.poleAngle + spread * draws.uniform(-1, 0.6);
      double off = draws.uniform(1.5, 7) * scale;
      double radius = Cell.at(cell.nucleus, from) + off;
      double length = radius * draws.uniform(0.2, 0.6);
      new Filament(0.06, draws.uniform(0.14, 0.34), draws.uniform(0.75, 1.2) * scale, 1.04, scale)
          .draw(
              patch,
              draws,
              cell.y + radius * StrictMath.sin(from),
              cell.x + radius * StrictMath.cos(from),
              from + StrictMath.PI / 2,
              length);
    }
    for (int i = draws.between(4, 14); i > 0; i--) {
      double angle = cell.poleAngle + spread * draws.gaussian();
      double away = Cell.at(cell.nucleus, angle) + draws.uniform(2, 14) * scale;
      patch.spot(
          cell.y + away * StrictMath.sin(angle),
          cell.x + away * StrictMath.cos(angle),
          0.8 * scale,
          draws.uniform(0.2, 0.6));
    }
  }

  /** Wavy bundles that wind around the nucleus and fade before the border. */
  private void intermediateFilaments(Patch patch) {
    unspecific(patch, 0.06);
    int count = draws.between(55, 85);
    for (int i = 0; i < count; i++) {
      double from = draws.chance(0.5) ? draws.angle() : cell.poleAngle + 0.8 * draws.gaussian();
      double away = Cell.at(cell.nucleus, from) * (1.06 + 0.28 * Math.abs(draws.gaussian()));
      double heading = from + (draws.chance(0.5) ? 1 : -1) * draws.uniform(0.9, 1.7);
      new Filament(
              0.05, draws.uniform(0.08, 0.26), draws.uniform(0.5, 0.85) * scale, 1.03, 3 * scale)
          .draw(
              patch,
              draws,
              cell.y + away * StrictMath.sin(from),
              cell.x + away * StrictMath.cos(from),
              heading,
              cell.nucleusRadius * draws.uniform(0.8, 2.2));
    }
  }

  /** Straight, nearly parallel fibres across the cell, over the nucleus too, and a thin cortex. */
  private void actinFilaments(Patch patch) {
    patch.fill((i, y, x) -> 0.06 + 0.45 * Falloff.gauss(cell.edge[i] - 1 * scale, 1.1 * scale));
    double direction = cell.axis + 0.25 * draws.gaussian();
    double reach = cell.bodyReach();
    int fibres = draws.between(16, 28);
    for (int i = 0; i < fibres; i++) {
      double across = 0.8 * reach * draws.uniform(-1, 1);
      double along = draws.uniform(-0.9, 0.3) * reach;
      double heading = direction + 0.07 * draws.gaussian();
      double light = draws.uniform(0.25, 0.7);
      double thickness = draws.uniform(0.55, 0.85) * scale;
      double length = reach * draws.uniform(0.7, 1.8);
      // Straight through the cell: it starts again where the line enters it.
      double c = StrictMath.cos(heading);
      double s = StrictMath.sin(heading);
      for (double done = 0; done < length; done += 0.8 * thickness) {
        double y = cell.y + (along + done) * s + across * c;
        double x = cell.x + (along + done) * c - across * s;
        double end = Math.min(1, Math.min(done, length - done) / (6 * scale));
        if (cell.edgeAt(y, x) > scale) {
          double over = cell.relativeAt(y, x) < 1 ? 0.55 : 1;
          patch.spot(y, x, thickness, 0.55 * light * end * over);
        }
      }
    }
  }

  private void mitoticSpindle(Patch patch) {
    unspecific(patch, 0.08);
    Structures.spindle(patch, draws, scale, 0.55);
  }

  /** One or two bright dots beside the nucleus, where the microtubules start. */
  private void centrosome(Patch patch) {
    unspecific(patch, draws.uniform(0.05, 0.1));
    double angle = draws.angle();
    double apart = draws.uniform(0.8, 2.2) * scale;
    int dots = cell.dividing ? 1 : 2;
    for (int i = 0; i < dots; i++) {
      double side = dots == 1 ? 0 : i == 0 ? apart : -apart;
      patch.spot(
          cell.poleY + side * StrictMath.sin(angle),
          cell.poleX + side * StrictMath.cos(angle),
          draws.uniform(1.2, 1.7) * scale,
          draws.uniform(0.8, 1.2));
    }
    if (cell.dividing) {
      patch.spot(2 * cell.y - cell.poleY, 2 * cell.x - cell.poleX, 1.4 * scale, 1);
    }
  }

  /** The border, ruffled, with short spikes inwards; the flat surface faint. */
  private void plasmaMembrane(Patch patch) {
    double width = draws.uniform(1.1, 1.7) * scale;
    patch.fill(
        (i, y, x) -> {
          double ruffle = 1 + 0.35 * grain(Texture.MEDIUM, y, x) + 0.2 * grain(Texture.SMALL, y, x);
          double rim = Falloff.gauss(cell.edge[i] - 0.8 * scale, width);
          double surface = 0.1 + 0.08 * Math.max(0, grain(Texture.SMALL, y + 40, x + 90));
          return ruffle * rim * 0.95 + surface;
        });
  }

  /** Short worms, denser near the nucleus. */
  private void mitochondria(Patch patch) {
    unspecific(patch, 0.05);
    int count = (int) (draws.uniform(70, 120) * (cell.dividing ? 0.5 : 1));
    double near = cell.nucleusRadius * draws.uniform(0.4, 0.8);
    for (int i = 0; i < count; i++) {
      double angle = draws.angle();
      double away =
          Cell.at(cell.nucleus, angle) + 3 * scale - near * StrictMath.log(1 - draws.uniform());
      double heading = angle + draws.gaussian();
      new Filament(0.14, draws.uniform(0.16, 0.42), draws.uniform(0.7, 1.0) * scale, 1.05, scale)
          .draw(
              patch,
              draws,
              cell.y + away * StrictMath.sin(angle),
              cell.x + away * StrictMath.cos(angle),
              heading,
              draws.uniform(4, 13) * scale);
    }
  }

  /** One big inclusion against the nucleus. */
  private void aggresome(Patch patch) {
    unspecific(patch, draws.uniform(0.05, 0.12));
    double radius = cell.nucleusRadius * draws.uniform(0.24, 0.36);
    double away = Cell.at(cell.nucleus, cell.poleAngle) + 0.75 * radius;
    double centreY = cell.y + away * StrictMath.sin(cell.poleAngle);
    double centreX = cell.x + away * StrictMath.cos(cell.poleAngle);
    patch.fill(
        (i, y, x) -> {
          double dy = y - centreY;
          double dx = x - centreX;
          double ragged = radius * (1 + 0.12 * grain(Texture.MEDIUM, y, x));
          double inside =
              1 - Falloff.step(Math.sqrt(dy * dy + dx * dx) - ragged, -1.8 * scale, 1.6 * scale);
          return inside * (0.85 + 0.2 * grain(Texture.SMALL, y, x));
        });
  }

  /** The cell but for nucleus and vacuoles, evenly, in fine grain. */
  private void cytosol(Patch patch, double level) {
    patch.fill(
        (i, y, x) -> {
          double out = cell.dividing ? 1 : Falloff.step(cell.outside[i], -1.2 * scale, 1 * scale);
          double holes = 1 - 0.5 * Falloff.step(grain(Texture.MEDIUM, y + 60, x), 1.3, 2);
          double even = 1 + 0.1 * grain(Texture.FINE, y, x) + 0.08 * grain(Texture.COARSE, y, x);
          double nucleus = 0.14 * (1 - Structures.nucleolus(cell, y, x, scale));
          return level
              * even
              * (out * holes + (1 - out) * nucleus)
              * Structures.thickness(cell, i, scale);
        });
  }

  /** Dots of several sizes, scattered through the cytoplasm. */
  private void vesicles(Patch patch) {
    unspecific(patch, draws.uniform(0.04, 0.1));
    int wanted = draws.between(35, 110);
    for (int attempt = 0; attempt < 20 * wanted && wanted > 0; attempt++) {
      double y = cell.top + draws.uniform() * cell.height;
      double x = cell.left + draws.uniform() * cell.width;
      if (cell.edgeAt(y, x) < 1.5 * scale || cell.relativeAt(y, x) < 1.06) {
        continue;
      }
      // More of them where the cell is thick.
      if (draws.chance(0.25 + 0.75 / cell.relativeAt(y, x))) {
        patch.spot(y, x, draws.uniform(0.65, 1.35) * scale, draws.uniform(0.35, 1.1));
        wanted--;
      }
    }
  }
}
