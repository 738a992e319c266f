package org.hcpl.train.atlas;

/**
 * A cell of a scene: its shape around the centre of its nucleus, where its landmarks are, and, once
 * its neighbours are known, how its pixels lie in it. Coordinates are pixels of the scene's canvas.
 */
final class Cell {
  /** Steps of the tables by angle. */
  static final int ANGLES = 360;

  final double y;
  final double x;

  /** Radius of a circle about as large as the nucleus. */
  final double nucleusRadius;

  /** Long axis of the cell, radians. */
  final double axis;

  /** In division: the nucleus is a plate of chromosomes across the axis, the cell is round. */
  final boolean dividing;

  /** Distance from the centre to the edge of the nucleus, and of the cell, by angle. */
  final float[] nucleus;

  final float[] body;

  /** Where the microtubules start, beside the nucleus; in division one of the two poles. */
  final double poleAngle;

  final double poleY;
  final double poleX;

  /** Nucleoli: y, x and radius of each. */
  final double[][] nucleoli;

  /** The part of the canvas that its pixels are in. */
  int top;

  int left;
  int height;
  int width;

  /** Over that part: distance to the cell's border, 0 outside of the cell. */
  float[] edge;

  /** Over that part: distance to the centre in units of the nucleus's edge; below 1 inside. */
  float[] relative;

  /**
   * Over that part: pixels to the nucleus's edge along the ray from the centre; negative inside.
   */
  float[] outside;

  Cell(Draws draws, Style style, double y, double x, boolean dividing, double scale) {
    this.y = y;
    this.x = x;
    this.dividing = dividing;
    nucleusRadius = 26 * scale * style.size() * draws.uniform(0.85, 1.15);
    axis = style.axis() + draws.gaussian() * style.disorder();
    double bodyRadius = nucleusRadius * (dividing ? 1.45 : draws.uniform(2.0, 2.6));
    nucleus =
        dividing
            ? plate(draws, nucleusRadius)
            : outline(draws, nucleusRadius, draws.uniform(1.05, 1.55), 0.5);
    body =
        dividing
            ? outline(draws, bodyRadius, 1.1, 0.2)
            : outline(draws, bodyRadius, style.elongation(), style.roughness());
    if (!dividing) {
      int spikes = draws.below(1 + style.spikes());
      for (int i = 0; i < spikes; i++) {
        spike(draws, bodyRadius * draws.uniform(0.3, 1.0));
      }
    }
    for (int i = 0; i < ANGLES; i++) {
      body[i] = (float) Math.max(body[i], nucleus[i] * 1.15 + 3 * scale);
    }
    poleAngle = dividing ? axis : draws.angle();
    double pole = dividing ? 0.95 * nucleusRadius : at(nucleus, poleAngle) + 3.5 * scale;
    poleY = y + pole * StrictMath.sin(poleAngle);
    poleX = x + pole * StrictMath.cos(poleAngle);
    nucleoli = dividing ? new double[0][] : nucleoli(draws);
  }

  /** An ellipse along the axis with waves of growing number and falling height. */
  private float[] outline(Draws draws, double radius, double elongation, double roughness) {
    float[] table = new float[ANGLES];
    double[] heights = new double[7];
    double[] phases = new double[7];
    for (int k = 1; k < heights.length; k++) {
      heights[k] = roughness * 0.22 / (k == 1 ? 2 : k) * draws.uniform(0.3, 1);
      phases[k] = draws.angle();
    }
    double long2 = elongation;
    for (int i = 0; i < ANGLES; i++) {
      double angle = angle(i) - axis;
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      double waves = 1;
      for (int k = 1; k < heights.length; k++) {
        waves += heights[k] * StrictMath.cos(k * angle - phases[k]);
      }
      table[i] = (float) (radius * waves / StrictMath.sqrt(c * c / long2 + s * s * long2));
    }
    return table;
  }

  /** Chromosomes in a plate across the axis, seen from the side. */
  private float[] plate(Draws draws, double radius) {
    float[] table = outline(draws, 1, 1, 0.6);
    double across = 0.8 * radius;
    double along = 0.27 * radius;
    for (int i = 0; i < ANGLES; i++) {
      double c = StrictMath.cos(angle(i) - axis) / along;
      double s = StrictMath.sin(angle(i) - axis) / across;
      // A superellipse of power 4: a bar with round corners.
      table[i] *= (float) (1 / StrictMath.sqrt(StrictMath.sqrt(c * c * c * c + s * s * s * s)));
    }
    return table;
  }

  private void spike(Draws draws, double height) {
    double at = draws.angle();
    double width = draws.uniform(0.08, 0.2);
    for (int i = 0; i < ANGLES; i++) {
      double away = Math.abs(angle(i) - at);
      body[i] += (float) (height * Falloff.gauss(Math.min(away, 2 * StrictMath.PI - away), width));
    }
  }

  private double[][] nucleoli(Draws draws) {
    double[][] found = new double[draws.between(1, 4)][];
    for (int i = 0; i < found.length; i++) {
      double angle = draws.angle();
      double radius = nucleusRadius * draws.uniform(0.13, found.length < 3 ? 0.27 : 0.2);
      double away = draws.uniform(0.1, 0.62) * at(nucleus, angle);
      found[i] =
          new double[] {y + away * StrictMath.sin(angle), x + away * StrictMath.cos(angle), radius};
    }
    return found;
  }

  /** Rays go with rising x at angle 0 and rising y at a quarter turn. */
  private static double angle(int i) {
    return i * (2 * StrictMath.PI / ANGLES);
  }

  /** A table's value at any angle. */
  static double at(float[] table, double radians) {
    double at = radians * (ANGLES / (2 * StrictMath.PI));
    double floor = Math.floor(at);
    int i = Math.floorMod((int) floor, ANGLES);
    return table[i] + (at - floor) * (table[(i + 1) % ANGLES] - table[i]);
  }

  double bodyReach() {
    float reach = 0;
    for (float radius : body) {
      reach = Math.max(reach, radius);
    }
    return reach;
  }

  double nucleusReach() {
    float reach = 0;
    for (float radius : nucleus) {
      reach = Math.max(reach, radius);
    }
    return reach;
  }

  /** Whether a place is in the cell. */
  boolean contains(double atY, double atX) {
    return edgeAt(atY, atX) > 0;
  }

  /** Distance to the cell's border, 0 outside. */
  float edgeAt(double atY, double atX) {
    int index = index(atY, atX);
    return index < 0 ? 0 : edge[index];
  }

  /** Distance to the centre in units of the nucleus's edge; large away from the cell. */
  float relativeAt(double atY, double atX) {
    int index = index(atY, atX);
    return index < 0 ? 99 : relative[index];
  }

  private int index(double atY, double atX) {
    int row = (int) Math.floor(atY + 0.5) - top;
    int column = (int) Math.floor(atX + 0.5) - left;
    return row < 0 || row >= height || column < 0 || column >= width ? -1 : row * width + column;
  }
}
