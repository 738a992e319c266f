package org.hcpl.tensor;

import java.util.List;

/**
 * An operation without a definition: it has a kernel in the reference backend and states its
 * gradient, if it has one. A backend without a kernel for it has it computed on the host.
 */
public interface Primitive extends Op {
  @Override
  default Tensor define(List<Tensor> inputs) {
    throw new TensorException(
        name()
            + ": a primitive has no definition, and this one states no gradient (help: detach() its inputs)");
  }
}
