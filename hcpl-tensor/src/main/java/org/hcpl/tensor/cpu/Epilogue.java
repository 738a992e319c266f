package org.hcpl.tensor.cpu;

/**
 * What happens to the result {@code [m, n]} of a product before it leaves the cache: {@code c[i, j]
 * = activation(c[i, j] * scale[j] + bias[j] + residual[i, j])}.
 *
 * @param scale one factor a column from {@code biasOffset} on, or null for ones; only with a bias
 * @param bias one value a column from {@code biasOffset} on, or null
 * @param biasOffset where the bias begins
 * @param residual added row by row, laid out as the result is with its own offset and row stride,
 *     or null; it may be the result's own array only where both coincide
 * @param residualOffset where the residual begins
 * @param residualStride floats from one row of the residual to the next
 * @param activation applied last
 */
public record Epilogue(
    float[] scale,
    float[] bias,
    int biasOffset,
    float[] residual,
    int residualOffset,
    int residualStride,
    Activation activation) {
  /** Adds a value a column. */
  public static Epilogue bias(float[] bias, int offset) {
    return new Epilogue(null, bias, offset, null, 0, 0, Activation.NONE);
  }

  /** Adds a value a column, then applies the activation; {@code bias} may be null. */
  public static Epilogue of(float[] bias, int offset, Activation activation) {
    return new Epilogue(null, bias, offset, null, 0, 0, activation);
  }

  /** A factor and a summand a column, then the activation: a normalisation. */
  static Epilogue affine(float[] scale, float[] shift, Activation activation) {
    return new Epilogue(scale, shift, 0, null, 0, 0, activation);
  }

  /** The same, with a residual added before the activation. */
  public Epilogue withResidual(float[] values, int offset, int stride) {
    return new Epilogue(scale, bias, biasOffset, values, offset, stride, activation);
  }

  /** The same, seen from column {@code first} on. */
  Epilogue fromColumn(int first) {
    return new Epilogue(
        scale,
        bias,
        biasOffset + first,
        residual,
        residualOffset + first,
        residualStride,
        activation);
  }

  /** The bias where a sum may begin with it, or null: not before a factor. */
  float[] start() {
    return scale == null ? bias : null;
  }

  /** Whether anything is left once {@link #start} has been taken care of. */
  boolean finishes() {
    return scale != null || residual != null || activation != Activation.NONE;
  }
}
