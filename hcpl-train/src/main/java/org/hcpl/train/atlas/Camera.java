package org.hcpl.train.atlas;

import org.hcpl.models.image.Plane;

/** From light to an 8-bit channel: uneven lighting and background, blur, photons, read noise. */
final class Camera {
  private final double noise;
  private final double blur;
  private final Draws draws;

  // Lighting falls off from a centre near the middle; the background slopes in one direction.
  private final double centreY;
  private final double centreX;
  private final double shade;
  private final double slopeY;
  private final double slopeX;

  Camera(Draws draws, double noise, double blur) {
    this.draws = draws;
    this.noise = noise;
    this.blur = blur * draws.uniform(0.8, 1.35);
    centreY = draws.uniform(0.3, 0.7);
    centreX = draws.uniform(0.3, 0.7);
    shade = draws.uniform(0.1, 0.45);
    slopeY = draws.uniform(-1, 1);
    slopeX = draws.uniform(-1, 1);
  }

  /**
   * Takes the middle of a canvas.
   *
   * @param canvas light, {@code [canvasSize, canvasSize]}; blurred in place
   * @param photons that a pixel of intensity 1 collects
   */
  Plane take(float[] canvas, int canvasSize, int size, double gain, double photons) {
    Blur.clamped(canvas, canvasSize, canvasSize, blur);
    int margin = (canvasSize - size) / 2;
    double background = draws.uniform(0.006, 0.025);
    double read = 0.007 * noise;
    Plane plane = Plane.of(size, size);
    for (int row = 0; row < size; row++) {
      double v = (row + 0.5) / size;
      for (int column = 0; column < size; column++) {
        double u = (column + 0.5) / size;
        double away = (v - centreY) * (v - centreY) + (u - centreX) * (u - centreX);
        double haze = background * (1 + 0.6 * (slopeY * (v - 0.5) + slopeX * (u - 0.5)));
        double light = canvas[(row + margin) * canvasSize + column + margin];
        double value = gain * light * (1 - shade * Math.min(1, 1.6 * away)) + haze;
        if (noise > 0) {
          // Twice the noise is a quarter of the photons.
          double collected = photons / (noise * noise);
          value = draws.poisson(value * collected) / collected + read * draws.gaussian();
        }
        plane.values()[row * size + column] = quantised(value);
      }
    }
    return plane;
  }

  /** As an 8-bit file holds it. */
  private static float quantised(double value) {
    return (float) StrictMath.rint(255 * Math.max(0, Math.min(1, value))) / 255f;
  }
}
