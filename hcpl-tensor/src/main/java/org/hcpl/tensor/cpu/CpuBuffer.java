package org.hcpl.tensor.cpu;

import java.util.concurrent.atomic.AtomicLong;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.HostBuffer;

/**
 * Memory in a Java array that goes back to {@link ArrayPool} when released, else to the garbage
 * collector.
 */
final class CpuBuffer implements HostBuffer {
  private static final AtomicLong VERSIONS = new AtomicLong();

  private final Backend backend;
  private final int size;
  private float[] array;
  private volatile long version = VERSIONS.incrementAndGet();

  CpuBuffer(Backend backend, int size) {
    this.backend = backend;
    this.array = ArrayPool.take(size);
    this.size = size;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public float[] array() {
    float[] current = array;
    if (current == null) {
      throw new TensorException(
          "tensor: used after its scope was closed (help: keep() it, or read its values inside the scope)");
    }
    return current;
  }

  @Override
  public float[] writable() {
    version = VERSIONS.incrementAndGet();
    return array();
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public void release() {
    float[] released = array;
    array = null;
    if (released != null) {
      ArrayPool.give(released);
    }
  }
}
