package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/** Pools all positions: {@code [N, H, W, C] -> [N, C]}. */
public final class GlobalPool extends Module {
  /** How positions are pooled. */
  public enum Kind {
    /** The mean of all positions. */
    AVG,
    /** The largest value of all positions. */
    MAX
  }

  private final Kind kind;

  public GlobalPool(Kind kind) {
    this.kind = kind;
  }

  @Override
  public Tensor forward(Tensor x) {
    return kind == Kind.AVG ? x.globalAvgPool() : x.globalMaxPool();
  }
}
