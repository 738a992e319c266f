package org.hcpl.tensor.op;

import static org.hcpl.tensor.io.Words.count;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.View;

/** The same values under another shape; always a view. */
public record Reshape(Shape to) implements View {
  @Override
  public Shape shape(List<Shape> inputs) {
    if (inputs.get(0).size() != to.size()) {
      throw new ShapeException(
          "reshape: "
              + inputs.get(0)
              + " to "
              + to
              + " (expected: "
              + count(inputs.get(0).size(), "value")
              + ", got "
              + to.size()
              + ")");
    }
    return to;
  }

  @Override
  public int viewOffset(Shape input) {
    return 0;
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(dOutput.reshape(inputs.get(0).shape()));
  }
}
