package org.hcpl.tensor.cpu;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.cpu.vector.VectorHash;

/**
 * Weights as kernels want them, kept between runs of inference: packing the weights of a small
 * network costs as much as running it on one image.
 *
 * <p>Anything may write to an array of weights, so an entry holds a hash of what was packed and is
 * used only while the array has the same content; reading costs a tenth of packing. An array is
 * packed when it is met for the second time with the same content, so weights that are computed
 * anew every time are never kept. While gradients are recorded nothing is looked up: weights change
 * with every step then. The cache ends with its arrays, and holds at most an eighth of the heap.
 */
final class WeightCache {
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 8 / Float.BYTES;
  private static final Map<float[], Entry> ENTRIES =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param use what the weights were packed for
   * @param packed null until the same content is met again
   */
  private record Entry(int offset, Object use, long hash, Object packed, long size) {}

  private WeightCache() {}

  /**
   * The packed weights, or null where the caller does best to use them as they are.
   *
   * @param use all that the packed form depends on besides the values
   * @param packedSize the floats of a packed form
   */
  static <T> T find(
      Class<T> type,
      float[] weights,
      int offset,
      int size,
      Object use,
      Supplier<T> pack,
      ToLongFunction<T> packedSize) {
    if (Grad.isOn() || !VectorSupport.available()) {
      return null;
    }
    long hash = VectorHash.of(weights, offset, size);
    Entry entry = ENTRIES.get(weights);
    boolean known =
        entry != null && entry.offset == offset && entry.hash == hash && entry.use.equals(use);
    if (!known) {
      ENTRIES.put(weights, new Entry(offset, use, hash, null, 0));
      return null;
    }
    if (entry.packed != null) {
      return type.cast(entry.packed);
    }
    T packed = pack.get();
    long packedFloats = packedSize.applyAsLong(packed);
    if (held() + packedFloats <= LIMIT) {
      ENTRIES.put(weights, new Entry(offset, use, hash, packed, packedFloats));
    }
    return packed;
  }

  private static long held() {
    synchronized (ENTRIES) {
      return ENTRIES.values().stream().mapToLong(Entry::size).sum();
    }
  }
}
