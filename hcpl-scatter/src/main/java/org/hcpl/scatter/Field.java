package org.hcpl.scatter;

/**
 * A complex-valued image, or its spectrum, which is kept with the two axes exchanged: the transform
 * of {@code [rows, columns]} is {@code [columns, rows]}, and the inverse exchanges them back. No
 * method changes a field but {@link #add}.
 *
 * @param re real parts, row-major
 * @param im imaginary parts
 */
record Field(int rows, int columns, double[] re, double[] im) {

  static Field real(int rows, int columns, double[] values) {
    return new Field(rows, columns, values, new double[values.length]);
  }

  /** The spectrum, {@code [columns, rows]}. */
  Field spectrum() {
    double[][] first = Fourier.of(rows).transform(re, im, columns);
    double[][] second =
        Fourier.of(columns)
            .transform(
                transposed(first[0], rows, columns), transposed(first[1], rows, columns), rows);
    return new Field(columns, rows, second[0], second[1]);
  }

  /** The image whose spectrum this is. */
  Field inverse() {
    Field swapped = new Field(rows, columns, im, re).spectrum();
    double scale = 1.0 / (rows * columns);
    double[] outRe = swapped.im;
    double[] outIm = swapped.re;
    for (int i = 0; i < outRe.length; i++) {
      outRe[i] *= scale;
      outIm[i] *= scale;
    }
    return new Field(columns, rows, outRe, outIm);
  }

  /** A copy with the axes exchanged. */
  private static double[] transposed(double[] values, int rows, int columns) {
    double[] out = new double[values.length];
    // In blocks that stay in the nearest cache.
    int block = 16;
    for (int r0 = 0; r0 < rows; r0 += block) {
      int rEnd = Math.min(rows, r0 + block);
      for (int c0 = 0; c0 < columns; c0 += block) {
        int cEnd = Math.min(columns, c0 + block);
        for (int r = r0; r < rEnd; r++) {
          for (int c = c0; c < cEnd; c++) {
            out[c * rows + r] = values[r * columns + c];
          }
        }
      }
    }
    return out;
  }

  /**
   * Of a spectrum: convolution with a filter, given by its real spectrum, of which every {@code
   * step}-th row and column is kept. Leaving out samples folds the spectrum upon itself.
   */
  Field filter(double[] filter, int step) {
    int outRows = rows / step;
    int outColumns = columns / step;
    double[] outRe = new double[outRows * outColumns];
    double[] outIm = new double[outRows * outColumns];
    double share = 1.0 / (step * step);
    for (int r = 0; r < rows; r++) {
      int to = r % outRows * outColumns;
      for (int c0 = 0; c0 < columns; c0 += outColumns) {
        int from = r * columns + c0;
        for (int c = 0; c < outColumns; c++) {
          outRe[to + c] += re[from + c] * (filter[from + c] * share);
          outIm[to + c] += im[from + c] * (filter[from + c] * share);
        }
      }
    }
    return new Field(outRows, outColumns, outRe, outIm);
  }

  /**
   * The adjoint of {@link #filter} as a map of images: zeros between the samples, which repeats the
   * spectrum, then the same filter, as it is real.
   */
  Field spread(double[] filter, int step) {
    int outRows = rows * step;
    int outColumns = columns * step;
    double[] outRe = new double[outRows * outColumns];
    double[] outIm = new double[outRows * outColumns];
    for (int r = 0; r < outRows; r++) {
      int from = r % rows * columns;
      for (int c0 = 0; c0 < outColumns; c0 += columns) {
        int to = r * outColumns + c0;
        for (int c = 0; c < columns; c++) {
          outRe[to + c] = re[from + c] * filter[to + c];
          outIm[to + c] = im[from + c] * filter[to + c];
        }
      }
    }
    return new Field(outRows, outColumns, outRe, outIm);
  }

  /** The magnitudes, as a real field. */
  Field modulus() {
    double[] magnitudes = new double[re.length];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.sqrt(re[i] * re[i] + im[i] * im[i]);
    }
    return real(rows, columns, magnitudes);
  }

  /**
   * The adjoint of {@link #modulus} at {@code point}: the real parts of this field, turned to the
   * point's phase; 0 where the point is 0.
   */
  Field towards(Field point) {
    double[] outRe = new double[re.length];
    double[] outIm = new double[re.length];
    for (int i = 0; i < outRe.length; i++) {
      double magnitude = Math.sqrt(point.re[i] * point.re[i] + point.im[i] * point.im[i]);
      double factor = magnitude == 0 ? 0 : re[i] / magnitude;
      outRe[i] = factor * point.re[i];
      outIm[i] = factor * point.im[i];
    }
    return new Field(rows, columns, outRe, outIm);
  }

  /** Adds another field to this one. */
  void add(Field other) {
    for (int i = 0; i < re.length; i++) {
      re[i] += other.re[i];
      im[i] += other.im[i];
    }
  }
}
