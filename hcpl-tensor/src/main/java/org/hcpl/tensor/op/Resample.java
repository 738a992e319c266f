package org.hcpl.tensor.op;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** Linear maps that treat rows and columns apart: {@code y = A x B'} for every channel. */
final class Resample {
  private Resample() {}

  /**
   * @param rows {@code [newH, H]}, row-major
   * @param columns {@code [newW, W]}, row-major
   */
  static Tensor apply(Tensor x, int newH, float[] rows, int newW, float[] columns) {
    int n = x.dim(0);
    int h = x.dim(1);
    int w = x.dim(2);
    int c = x.dim(3);
    Tensor a = Constants.of(rows, Shape.of(newH, h), x);
    Tensor b = Constants.of(columns, Shape.of(newW, w), x);
    Tensor narrow = b.matmul(x.reshape(n * h, w, c));
    return a.matmul(narrow.reshape(n, h, newW * c)).reshape(n, newH, newW, c);
  }

  /** The transposed map, of a matrix {@code [rows, columns]}. */
  static float[] transpose(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }
}
