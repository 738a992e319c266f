package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

/**
 * Per-channel factors for {@code [rows, C]} data. Narrow channel counts are repeated side by side,
 * so that the data is walked in rows of some hundred floats whatever C is: a row of 24 floats would
 * be one vector and a tail.
 */
final class ChannelTiles {
  /** Row lengths worth having. */
  private static final int WIDE = 512;

  /** Longest tile; beyond it a tail at each row costs less than the tile. */
  private static final int LONGEST = 4096;

  private ChannelTiles() {}

  /**
   * Length of a tiled row: a multiple of c, and of the vector length where that is not too long.
   */
  static int width(int c, long rows) {
    int aligned = c / gcd(c, L) * L;
    int unit = aligned <= LONGEST ? aligned : c;
    int copies = Math.max(1, WIDE / unit);
    long width = (long) unit * copies;
    long all = rows * c;
    return (int) Math.max(c, Math.min(width, all / c * c));
  }

  /** The c values from offset on, repeated to {@code width} (a multiple of c). */
  static float[] tile(float[] values, int offset, int c, int width) {
    float[] tile = new float[width];
    for (int p = 0; p < width; p += c) {
      System.arraycopy(values, offset, tile, p, c);
    }
    return tile;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
