package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.Shape;

/**
 * Visits the elements of a shape in row-major order with the position of each in strided inputs.
 */
final class Walk {
  /** Gets the running number of an element and its position under the strides. */
  @FunctionalInterface
  interface Visit {
    void at(int index, int position);
  }

  private Walk() {}

  static void over(Shape shape, int[] strides, Visit visit) {
    int rank = shape.rank();
    int[] counter = new int[rank];
    int position = 0;
    for (int index = 0; index < shape.size(); index++) {
      visit.at(index, position);
      for (int axis = rank - 1; axis >= 0; axis--) {
        position += strides[axis];
        if (++counter[axis] < shape.dim(axis)) {
          break;
        }
        position -= strides[axis] * shape.dim(axis);
        counter[axis] = 0;
      }
    }
  }
}
