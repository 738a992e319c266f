package org.hcpl.tensor.cpu;

/**
 * What happens to the result {@code [m, n]} of a product before it leaves the cache: {@code c[i, j]
 * = activation(c[i, j] + bias[j] + residual[i, j])}.
 *
 * @param bias one value a column from {@code biasOffset} on, or null
 * @param biasOffset where the bias begins
 * @param residual added row by row, laid out as the result is with its own offset and row stride,
 *     or null; it may be the result's own array only where both coincide
 * @param residualOffset where the residual begins
 * @param residualStride floats from one row of the residual to the next
 * @param activation applied last
 */
public record Epilogue(
    float[] bias,
    int biasOffset,
    float[] residual,
    int residualOffset,
    int residualStride,
    Activation activation) {
  /** Adds a value a column. */
  public static Epilogue bias(float[] bias, int offset) {
    return new Epilogue(bias, offset, null, 0, 0, Activation.NONE);
  }

  /** Adds a value a column, then applies the activation; {@code bias} may be null. */
  public static Epilogue of(float[] bias, int offset, Activation activation) {
    return new Epilogue(bias, offset, null, 0, 0, activation);
  }

  /** The same, with a residual added before the activation. */
  public Epilogue withResidual(float[] values, int offset, int stride) {
    return new Epilogue(bias, biasOffset, values, offset, stride, activation);
  }

  /** The same, seen from column {@code first} on. */
  Epilogue fromColumn(int first) {
    return new Epilogue(
        bias, biasOffset + first, residual, residualOffset + first, residualStride, activation);
  }

  /** Whether anything is left for sums that began with the bias. */
  boolean finishes() {
    return residual != null || activation != Activation.NONE;
  }
}
