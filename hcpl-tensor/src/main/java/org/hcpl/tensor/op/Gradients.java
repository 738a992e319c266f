package org.hcpl.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.Tensor;

/** What gradients of operations share. */
final class Gradients {
  private Gradients() {}

  /** A list that may hold null: no gradient for that input. */
  static List<Tensor> of(Tensor... gradients) {
    return Arrays.asList(gradients);
  }

  /** 1 where a is greater than b, 1/2 where equal, else 0. */
  static Tensor share(Tensor a, Tensor b) {
    return a.greater(b).add(b.greater(a).affine(-1, 1)).mul(0.5);
  }
}
