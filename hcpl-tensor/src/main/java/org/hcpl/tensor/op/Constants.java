package org.hcpl.tensor.op;

import java.util.Arrays;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/** Small tensors that definitions compute with. */
final class Constants {
  private Constants() {}

  /** Values on the backend of another tensor. */
  static Tensor of(float[] values, Shape shape, Tensor like) {
    Tensor tensor = Tensor.allocate(like.backend(), shape);
    tensor.copyFrom(values);
    return tensor;
  }

  static Tensor full(float value, Shape shape, Tensor like) {
    float[] values = new float[shape.size()];
    Arrays.fill(values, value);
    return of(values, shape, like);
  }
}
