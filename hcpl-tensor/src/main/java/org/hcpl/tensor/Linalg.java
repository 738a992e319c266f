package org.hcpl.tensor;

import org.hcpl.tensor.op.MatMul;

/** Matrix products. */
public sealed interface Linalg permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** {@code [..., m, k] x [..., k, n] -> [..., m, n]}; leading axes broadcast. */
  default Tensor matmul(Tensor other) {
    return matmul(false, other, false);
  }

  /** The same with either operand's last two axes read as exchanged, without a copy. */
  default Tensor matmul(boolean transposeThis, Tensor other, boolean transposeOther) {
    return Tensor.run(new MatMul(transposeThis, transposeOther), self(), other);
  }
}
