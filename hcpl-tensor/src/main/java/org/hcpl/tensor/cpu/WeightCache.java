package org.hcpl.tensor.cpu;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.spi.HostBuffer;
import org.hcpl.tensor.spi.Span;

/**
 * Weights as kernels want them, kept between runs of inference: packing the weights of a small
 * network costs as much as running it on one image.
 *
 * <p>An entry is used only while all that it was made from has the same {@link HostBuffer#version}.
 * Weights are kept when they are met for the second time, so those that are computed anew every
 * time never are. While gradients are recorded nothing is looked up: weights change with every step
 * then. The cache ends with its arrays, and holds at most an eighth of the heap.
 */
final class WeightCache {
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 8 / Float.BYTES;
  private static final Map<float[], Entry> ENTRIES =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** What a kernel keeps. */
  interface Packed {
    /** How many. */
    long floats();
  }

  /**
   * @param use what the weights were packed for
   * @param packed null until the same content is met again
   */
  private record Entry(int offset, Object use, long version, Packed packed) {}

  private WeightCache() {}

  /**
   * The packed weights, or null where the caller does best to use them as they are.
   *
   * @param use all that the packed form depends on besides the weights, the versions of other
   *     buffers among it
   */
  static <T extends Packed> T find(Class<T> type, Span weights, Object use, Supplier<T> pack) {
    if (Grad.isOn() || !VectorSupport.available() || weights.version() == Span.UNKNOWN) {
      return null;
    }
    Entry entry = ENTRIES.get(weights.array());
    boolean known =
        entry != null
            && entry.offset == weights.offset()
            && entry.version == weights.version()
            && entry.use.equals(use);
    if (known && entry.packed != null) {
      return type.cast(entry.packed);
    }
    T packed = known ? pack.get() : null;
    if (packed == null || held() + packed.floats() <= LIMIT) {
      Entry now = new Entry(weights.offset(), use, weights.version(), packed);
      ENTRIES.put(weights.array(), now);
    }
    return packed;
  }

  private static long held() {
    synchronized (ENTRIES) {
      return ENTRIES.values().stream()
          .mapToLong(entry -> entry.packed == null ? 0 : entry.packed.floats())
          .sum();
    }
  }
}
