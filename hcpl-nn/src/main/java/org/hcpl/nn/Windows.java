package org.hcpl.nn;

import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/** Cutting feature maps into windows and back, and the mask of shifted windows. */
public final class Windows {
  /** Added to logits between tokens of different regions. */
  private static final float APART = -100;

  private Windows() {}

  /** {@code [B, H, W, C] -> [B * windows, h, w, C]}; h divides H and w divides W. */
  public static Tensor partition(Tensor x, int h, int w) {
    int rows = x.dim(1);
    int columns = x.dim(2);
    int c = x.dim(3);
    if (rows % h != 0 || columns % w != 0) {
      throw new ShapeException(
          "windows: " + x.shape() + " into " + h + "x" + w + " (expected: whole windows)");
    }
    return x.reshape(x.dim(0), rows / h, h, columns / w, w, c)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(-1, h, w, c);
  }

  /** The inverse of {@link #partition}: {@code [B * windows, h, w, C] -> [B, rows, columns, C]}. */
  public static Tensor merge(Tensor windows, int rows, int columns) {
    int h = windows.dim(1);
    int w = windows.dim(2);
    int c = windows.dim(3);
    return windows
        .reshape(-1, rows / h, columns / w, h, w, c)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(-1, rows, columns, c);
  }

  /**
   * The mask {@code [windows, h * w, h * w]} of a map rolled by the shifts: 0 between tokens that
   * were neighbours before, -100 between those that the roll brought together.
   */
  public static Tensor shiftMask(int rows, int columns, int h, int w, int shiftY, int shiftX) {
    int n = h * w;
    int across = columns / w;
    int windows = rows / h * across;
    float[] mask = new float[windows * n * n];
    int[] region = new int[n];
    for (int window = 0; window < windows; window++) {
      for (int i = 0; i < n; i++) {
        int y = window / across * h + i / w;
        int x = window % across * w + i % w;
        region[i] = 3 * region(y, rows, h, shiftY) + region(x, columns, w, shiftX);
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          mask[(window * n + i) * n + j] = region[i] == region[j] ? 0 : APART;
        }
      }
    }
    return Tensor.of(mask, windows, n, n);
  }

  private static int region(int at, int length, int window, int shift) {
    if (shift == 0 || at < length - window) {
      return 0;
    }
    return at < length - shift ? 1 : 2;
  }
}
