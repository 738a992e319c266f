package org.hcpl.tensor;

/**
 * An operation whose result can share its only input's memory: nothing is copied and no kernel
 * runs.
 */
public interface View extends Primitive {
  /**
   * Where in the input, in elements, the contiguous result begins; -1 if this input needs a copy.
   */
  int viewOffset(Shape input);
}
