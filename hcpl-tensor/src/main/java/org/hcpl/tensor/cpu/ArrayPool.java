package org.hcpl.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

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
  private static final int SPARE = 4;
  private static final long LIMIT = Runtime.getRuntime().maxMemory() / 4;

  /** The one given back last is first. */
  private static final Deque<float[]> FREE = new ArrayDeque<>();

  private static long held;

  private ArrayPool() {}

  /** An array of at least this length, content undefined. */
  static float[] take(int length) {
    if (length < SMALLEST) {
      return new float[length];
    }
    synchronized (FREE) {
      float[] found = null;
      for (float[] array : FREE) {
        if (array.length == length) {
          found = array;
          break;
        }
        if (found == null && array.length > length && array.length / SPARE <= length) {
          found = array;
        }
      }
      if (found == null) {
        return new float[length];
      }
      remove(found);
      held -= 4L * found.length;
      return found;
    }
  }

  private static void remove(float[] array) {
    for (Iterator<float[]> i = FREE.iterator(); i.hasNext(); ) {
      if (i.next() == array) {
        i.remove();
        return;
      }
    }
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
      FREE.push(array);
      held += 4L * array.length;
    }
  }
}
