package org.hcpl.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;

/**
 * Arrays that scopes gave back: neither zeroing nor collecting them costs anything when they are
 * asked for again. Holds at most a quarter of the heap.
 *
 * <p>A training step asks for the same lengths again and gets arrays of just these. Where there is
 * none, the array given back last that is not much too long will do, as it is the likeliest to lie
 * in a cache; a network's maps of many sizes then share the memory of a few.
 */
final class ArrayPool {
  private static final int SMALLEST = 1024;

  /** How many times too long an array may be. */
  private static final int SPARE = 4;

  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 4;

  private record Free(float[] array, long when) {}

  /** By length; the one given back last is first. None of the queues is empty. */
  private static final TreeMap<Integer, Deque<Free>> FREE = new TreeMap<>();

  private static long held;
  private static long given;

  private ArrayPool() {}

  /** An array of at least this length, content undefined. */
  static float[] take(int length) {
    if (length >= SMALLEST) {
      synchronized (FREE) {
        Deque<Free> queue = FREE.get(length);
        if (queue == null) {
          queue = latest(length);
        }
        if (queue != null) {
          float[] array = queue.pop().array;
          if (queue.isEmpty()) {
            FREE.remove(array.length);
          }
          held -= 4L * array.length;
          return array;
        }
      }
    }
    return new float[length];
  }

  /** The queue of those that are long enough, and not much too long, with the latest. */
  private static Deque<Free> latest(int length) {
    int longest = (int) Math.min(Integer.MAX_VALUE, (long) SPARE * length);
    Deque<Free> latest = null;
    for (Deque<Free> queue : FREE.subMap(length, true, longest, true).values()) {
      if (latest == null || queue.peek().when > latest.peek().when) {
        latest = queue;
      }
    }
    return latest;
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
      FREE.computeIfAbsent(array.length, n -> new ArrayDeque<>()).push(new Free(array, given++));
      held += 4L * array.length;
    }
  }
}
