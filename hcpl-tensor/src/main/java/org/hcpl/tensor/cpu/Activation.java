package org.hcpl.tensor.cpu;

/** What a matrix product or convolution may do to its result while it is still in the cache. */
public enum Activation {
  /** The identity. */
  NONE,
  /** {@code max(x, 0)}, NaN kept. */
  RELU,
  /** {@code x / (1 + exp(-x))}. */
  SILU
}
