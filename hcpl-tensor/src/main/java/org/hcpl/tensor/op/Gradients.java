package org.hcpl.tensor.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** What gradients of operations share. */
final class Gradients {
  private Gradients() {}

  /** A list that may hold null: no gradient for that input. */
  static List<Tensor> of(Tensor... gradients) {
    return Arrays.asList(gradients);
  }

  /**
   * {@code dy * factor} summed to a shape, without writing the product where it is as large as dy.
   */
  static Tensor sumOfProducts(Tensor dy, Tensor factor, Shape to) {
    return factor.shape().equals(dy.shape()) && !to.equals(dy.shape())
        ? Tensor.run(new SumOfProducts(to), dy, factor)
        : dy.mul(factor).sumTo(to);
  }

  /** 1 where a is greater than b, 1/2 where equal, else 0. */
  static Tensor share(Tensor a, Tensor b) {
    return a.greater(b).add(b.greater(a).affine(-1, 1)).mul(0.5);
  }
}
