package org.hcpl.tensor.spi;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * A tensor as a CPU kernel sees it: {@code shape.size()} values of {@code array}, row-major, from
 * {@code offset} on.
 *
 * @param array not a copy
 */
public record Span(float[] array, int offset, Shape shape) {
  public static Span of(Tensor tensor) {
    return new Span(((HostBuffer) tensor.buffer()).array(), tensor.offset(), tensor.shape());
  }

  public int size() {
    return shape.size();
  }

  /** The length of an axis. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  public float get(int i) {
    return array[offset + i];
  }

  public void set(int i, float value) {
    array[offset + i] = value;
  }
}
