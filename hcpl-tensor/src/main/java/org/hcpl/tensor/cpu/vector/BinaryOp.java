package org.hcpl.tensor.cpu.vector;

/** The elementwise functions of two arguments that {@link VectorBinary} computes. */
public enum BinaryOp {
  /** a + b. */
  ADD,
  /** a - b. */
  SUB,
  /** a * b. */
  MUL,
  /** a / b. */
  DIV,
  /** The larger; NaN if either is NaN. */
  MAX,
  /** The smaller; NaN if either is NaN. */
  MIN,
  /** a to the power b, as {@link Math#pow}. */
  POW
}
