package org.hcpl.tensor.spi;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * A tensor as a CPU kernel sees it: {@code shape.size()} values of {@code array}, row-major, from
 * {@code offset} on.
 *
 * @param array not a copy
 * @param version {@link HostBuffer#version}, or {@link #UNKNOWN}
 */
public record Span(float[] array, int offset, Shape shape, long version) {
  /** The version of values that nobody watches. */
  public static final long UNKNOWN = 0;

  public Span(float[] array, int offset, Shape shape) {
    this(array, offset, shape, UNKNOWN);
  }

  /** A tensor to be read. */
  public static Span of(Tensor tensor) {
    HostBuffer buffer = (HostBuffer) tensor.buffer();
    return new Span(buffer.array(), tensor.offset(), tensor.shape(), buffer.version());
  }

  /** A tensor to be written to. */
  public static Span writable(Tensor tensor) {
    HostBuffer buffer = (HostBuffer) tensor.buffer();
    return new Span(buffer.writable(), tensor.offset(), tensor.shape());
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
