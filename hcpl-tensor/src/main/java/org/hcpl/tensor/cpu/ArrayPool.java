package org.hcpl.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Arrays that scopes gave back, by length: the same training step asks for the same lengths again,
 * and neither zeroing nor collecting them costs anything then. Holds at most a quarter of the heap.
 */
final class ArrayPool {
  private static final int SMALLEST = 1024;
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 4;
  private static final Map<Integer, Deque<float[]>> FREE = new HashMap<>();
  private static long held;

  private ArrayPool() {}

  /** An array of exactly this length, content undefined. */
  static float[] take(int length) {
    if (length >= SMALLEST) {
      synchronized (FREE) {
        Deque<float[]> free = FREE.get(length);
        if (free != null && !free.isEmpty()) {
          held -= 4L * length;
          return free.pop();
        }
      }
    }
    return new float[length];
  }

  static void give(float[] array) {
    if (array.length < SMALLEST) {
      return;
    }
    synchronized (FREE) {
      if (held + 4L * array.length > LIMIT) {
        FREE.clear();
        held = 0;
      }
      FREE.computeIfAbsent(array.length, n -> new ArrayDeque<>()).push(array);
      held += 4L * array.length;
    }
  }
}
