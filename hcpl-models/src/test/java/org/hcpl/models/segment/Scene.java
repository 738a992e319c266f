package org.hcpl.models.segment;

import java.util.List;
import java.util.Random;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/** Drawn images with known nuclei. */
final class Scene {
  final int h;
  final int w;
  final Plane nuclei;
  final Plane body;
  final LabelImage truth;
  private int count;

  Scene(int h, int w) {
    this.h = h;
    this.w = w;
    nuclei = Plane.of(h, w);
    body = Plane.of(h, w);
    truth = LabelImage.of(h, w);
  }

  /** Draws an elliptic nucleus inside a round cell body. */
  Scene cell(double y, double x, double ry, double rx, double brightness, double bodyRadius) {
    count++;
    for (int v = 0; v < h; v++) {
      for (int u = 0; u < w; u++) {
        double q = Math.hypot((v - y) / ry, (u - x) / rx);
        int i = v * w + u;
        if (q <= 1) {
          nuclei.values()[i] = Math.max(nuclei.values()[i], (float) brightness);
          truth.labels()[i] = count;
        }
        double away = Math.hypot(v - y, u - x);
        if (away < bodyRadius) {
          body.values()[i] = Math.max(body.values()[i], (float) (0.5 - 0.3 * away / bodyRadius));
        }
      }
    }
    return this;
  }

  int count() {
    return count;
  }

  /** Blur, light that falls off to one side, and noise. */
  Plane seen(Plane plane, double light, double noise, long seed) {
    Random random = new Random(seed);
    Plane out = Gaussian.blur(plane, 1);
    float[] values = out.values().clone();
    for (int i = 0; i < values.length; i++) {
      double ramp = light * (i % w) / w;
      values[i] =
          (float)
              Math.clamp(values[i] * (1 - ramp) + 0.3 * ramp + noise * random.nextGaussian(), 0, 1);
    }
    return new Plane(h, w, values);
  }

  HpaImage image() {
    Plane red = seen(body, 0, 0.01, 1);
    Plane yellow = seen(body, 0, 0.01, 2);
    Plane blue = seen(nuclei, 0, 0.01, 3);
    return new HpaImage("scene", List.of(red, Plane.of(h, w), blue, yellow), Double.NaN);
  }

  /** How many true nuclei have a found one of IoU at least 0.7. */
  int hits(LabelImage found) {
    int hits = 0;
    int[] trueAreas = Components.areas(truth);
    int[] foundAreas = Components.areas(found);
    for (int t = 1; t < trueAreas.length; t++) {
      int[] common = new int[foundAreas.length];
      for (int i = 0; i < truth.labels().length; i++) {
        if (truth.labels()[i] == t) {
          common[found.labels()[i]]++;
        }
      }
      for (int f = 1; f < common.length; f++) {
        if (common[f] >= 0.7 * (trueAreas[t] + foundAreas[f] - common[f])) {
          hits++;
        }
      }
    }
    return hits;
  }
}
