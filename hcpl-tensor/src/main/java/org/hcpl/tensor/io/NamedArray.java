package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;
import org.hcpl.tensor.TensorException;

/**
 * An array as it lies in a file: a name, a shape and row-major float32 values. It shares the arrays
 * it is given.
 *
 * @param name the name in the file, such as {@code conv_stem.weight}
 * @param shape the sizes; empty for a scalar
 * @param values the values, row-major
 */
public record NamedArray(String name, int[] shape, float[] values) {
  public NamedArray {
    long count = elements(shape);
    if (count != values.length) {
      throw new TensorException(
          "array '"
              + name
              + "': "
              + count(values.length, "value")
              + " (expected: "
              + count
              + " for shape "
              + Arrays.toString(shape)
              + ")");
    }
  }

  /** The number of values; the same as {@code values().length}. */
  public int size() {
    return values.length;
  }

  /**
   * The product of the sizes, or -1 where one is negative or the product exceeds what a Java array
   * can hold.
   *
   * @param shape the sizes
   */
  static long elements(int[] shape) {
    long count = 1;
    boolean empty = false;
    for (int size : shape) {
      if (size < 0) {
        return -1;
      }
      empty |= size == 0;
    }
    if (empty) {
      return 0;
    }
    for (int size : shape) {
      count *= size;
      if (count > MAX_ELEMENTS) {
        return -1;
      }
    }
    return count;
  }

  /** Some virtual machines keep a few words of the largest array index for themselves. */
  private static final long MAX_ELEMENTS = Integer.MAX_VALUE - 8;
}
