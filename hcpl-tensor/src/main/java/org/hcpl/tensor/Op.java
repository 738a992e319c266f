package org.hcpl.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An operation: a record whose components are its parameters, with a shape rule, a definition and a
 * gradient.
 *
 * <p>The <em>definition</em> says in simpler operations what the operation computes. It is the
 * specification, what runs on a backend that has no kernel for it, and the oracle of its tests. An
 * operation that states no gradient has the gradient of its definition. Only a {@link Primitive}
 * has no definition.
 *
 * <p>Operations hold no tensors and no state; run one with {@link Tensor#run}.
 */
public interface Op {
  /**
   * The shape of the result. The rule looks at every input, by which their number is checked: one
   * more or fewer is an error.
   *
   * @throws ShapeException if the inputs do not fit, with their shapes and the expectation
   */
  Shape shape(List<Shape> inputs);

  /** The operation in simpler ones; differentiable where the operation is. */
  Tensor define(List<Tensor> inputs);

  /**
   * The gradients of the inputs, one an input, null where there is none. Called with gradients off,
   * and only where the operation ran by a kernel: one that ran as its definition left the steps of
   * that, with their gradients.
   *
   * @param inputs as the operation got them
   * @param output what it returned
   * @param dOutput gradient of the output, of its shape
   */
  default List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    List<Tensor> leaves = new ArrayList<>(inputs.size());
    for (Tensor input : inputs) {
      leaves.add(input.detach().requireGrad(input.requiresGrad()));
    }
    Tensor again;
    try (Grad.Mode mode = Grad.enable()) {
      again = define(leaves);
    }
    again.backward(dOutput);
    List<Tensor> gradients = new ArrayList<>(leaves.size());
    leaves.forEach(leaf -> gradients.add(leaf.grad()));
    return gradients;
  }

  /**
   * Whether an input has a gradient at all. What an operation without one returns requires no
   * gradient, whatever its inputs do.
   */
  default boolean differentiable() {
    return true;
  }

  /** The name in messages and logs: the record's name with a small initial. */
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }
}
