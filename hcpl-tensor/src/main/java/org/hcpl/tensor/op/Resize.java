package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Another height and width by interpolation, as PyTorch's {@code interpolate} without
 * anti-aliasing: {@code y = A x B'} for every channel with the matrices of {@link #weights}.
 */
public record Resize(int h, int w, Mode mode) implements Op {
  /** How a value between pixels is found. */
  public enum Mode {
    /** The pixel at {@code floor(i * in / out)}. */
    NEAREST,
    /** The pixel at {@code floor((i + 0.5) * in / out)}. */
    NEAREST_EXACT,
    /** Between two pixels, with pixel centres at halves. */
    BILINEAR,
    /** Between two pixels, with the first and last pixels of both images on one another. */
    BILINEAR_ALIGN_CORNERS,
    /** Between four pixels (Keys 1981, a = -0.75), pixel centres at halves, border repeated. */
    BICUBIC
  }

  /** Keys' parameter as PyTorch and OpenCV have it. */
  private static final double KEYS = -0.75;

  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("resize", x);
    if (h < 1 || w < 1 || x.dim(1) < 1 || x.dim(2) < 1) {
      throw new ShapeException(
          "resize: " + x + " to " + h + "x" + w + " (expected: at least 1x1 of each)");
    }
    return Shape.of(x.dim(0), h, w, x.dim(3));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return Resample.apply(x, h, weights(x.dim(1), h, mode), w, weights(x.dim(2), w, mode));
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    return List.of(Tensor.run(new ResizeGradient(x.dim(1), x.dim(2), mode), dOutput));
  }

  /** The interpolation along one axis as a matrix {@code [to, from]}. */
  public static float[] weights(int from, int to, Mode mode) {
    float[] matrix = new float[to * from];
    for (int i = 0; i < to; i++) {
      int row = i * from;
      switch (mode) {
        case NEAREST -> matrix[row + (int) ((long) i * from / to)] = 1;
        case NEAREST_EXACT ->
            matrix[row + (int) Math.min(from - 1, (2L * i + 1) * from / (2L * to))] = 1;
        case BILINEAR -> {
          double position = Math.max(0, (i + 0.5) * from / to - 0.5);
          linear(matrix, row, from, position);
        }
        case BILINEAR_ALIGN_CORNERS -> {
          double position = to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
          linear(matrix, row, from, position);
        }
        case BICUBIC -> {
          double position = (i + 0.5) * from / to - 0.5;
          int base = (int) Math.floor(position);
          for (int tap = -1; tap <= 2; tap++) {
            int pixel = Math.max(0, Math.min(from - 1, base + tap));
            matrix[row + pixel] += (float) keys(Math.abs(position - base - tap));
          }
        }
      }
    }
    return matrix;
  }

  private static void linear(float[] matrix, int row, int from, double position) {
    int low = Math.min((int) position, from - 1);
    int high = Math.min(low + 1, from - 1);
    double part = position - low;
    matrix[row + low] += (float) (1 - part);
    matrix[row + high] += (float) part;
  }

  private static double keys(double d) {
    if (d <= 1) {
      return ((KEYS + 2) * d - (KEYS + 3)) * d * d + 1;
    }
    return d < 2 ? ((KEYS * d - 5 * KEYS) * d + 8 * KEYS) * d - 4 * KEYS : 0;
  }
}
