package org.hcpl.tensor.testing;

/**
 * An array of a reference file, in double, row-major in PyTorch's order (images NCHW, convolution
 * weights OIHW).
 *
 * @param shape the sizes; empty for a scalar
 * @param values the numbers
 */
public record GoldenArray(int[] shape, double[] values) {
  public GoldenArray {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    if (count != values.length) {
      throw new IllegalArgumentException(
          "golden array: "
              + values.length
              + " values (expected: "
              + count
              + ", the product of the shape)");
    }
  }

  /** The values rounded to float32. A copy. */
  public float[] floats() {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The value of a scalar, or of an array with one element. */
  public double scalar() {
    if (values.length != 1) {
      throw new IllegalStateException("golden array: " + values.length + " values (expected: 1)");
    }
    return values[0];
  }

  /**
   * The same array with channels last: {@code [N, C, H, W]} becomes {@code [N, H, W, C]}, and so a
   * weight {@code [O, I, kH, kW]} becomes {@code [O, kH, kW, I]}. A copy.
   */
  public GoldenArray channelsLast() {
    if (shape.length != 4) {
      throw new IllegalStateException("golden array: " + shape.length + " axes (expected: 4)");
    }
    int c = shape[1];
    int pixels = shape[2] * shape[3];
    double[] moved = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int pixel = i % pixels;
      int channel = i / pixels % c;
      int image = i / pixels / c;
      moved[(image * pixels + pixel) * c + channel] = values[i];
    }
    return new GoldenArray(new int[] {shape[0], shape[2], shape[3], c}, moved);
  }
}
