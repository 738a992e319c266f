package org.hcpl.bench;

import java.util.Random;
import org.hcpl.tensor.op.ConvGeometry;

/** Arrays to compute with. */
final class Inputs {
  private Inputs() {}

  static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** {@code [n, h, w, c]} to {@code [n, c, h, w]}. */
  static float[] channelsFirst(float[] x, int n, int pixels, int c) {
    float[] result = new float[x.length];
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < pixels; p++) {
        for (int j = 0; j < c; j++) {
          result[(i * c + j) * pixels + p] = x[(i * pixels + p) * c + j];
        }
      }
    }
    return result;
  }

  /** Weights {@code [outC, kH, kW, c / groups]} to {@code [outC, c / groups, kH, kW]}. */
  static float[] weightsChannelsFirst(ConvGeometry g, float[] w) {
    return channelsFirst(w, g.outC(), g.kH() * g.kW(), g.groupC());
  }
}
