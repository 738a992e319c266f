package org.hcpl.nn;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Backend;

/** A tensor that training changes: a leaf of differentiation with a name and a disk layout. */
public final class Parameter {
  private final String name;
  private final Layout layout;
  private Tensor value;

  Parameter(String name, Layout layout, Shape shape) {
    this.name = name;
    this.layout = layout;
    this.value = Tensor.full(shape, 0).persist().requireGrad(true);
  }

  /** The name within its module, such as {@code weight}. */
  public String name() {
    return name;
  }

  /** How weight files order its axes. */
  public Layout layout() {
    return layout;
  }

  /** The leaf that networks compute with; optimisers assign to it. */
  public Tensor value() {
    return value;
  }

  /** The shape of the tensor, channels last. */
  public Shape shape() {
    return value.shape();
  }

  /** The gradient that the last backward pass left, or null. */
  public Tensor grad() {
    return value.grad();
  }

  /** Forgets the gradient. */
  public void clearGrad() {
    value.setGrad(null);
  }

  /** Overwrites the values; the gradient stays. */
  public void set(Tensor values) {
    value.assign(values);
  }

  /** Overwrites every value. */
  public void fill(double constant) {
    set(Tensor.full(shape(), constant));
  }

  /** Whether training may change it; true at first. */
  public void requireGrad(boolean require) {
    value.requireGrad(require);
    if (!require) {
      clearGrad();
    }
  }

  void to(Backend backend) {
    value = value.detach().to(backend).persist().requireGrad(value.requiresGrad());
  }

  @Override
  public String toString() {
    return "Parameter " + name + " " + shape();
  }
}
