package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * What every window sees, zeros outside the image: {@code [N, H, W, C] -> [N, outH, outW, kernelH,
 * kernelW, C]}.
 */
public record Unfold(Window window) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Window.requireImage("unfold", x);
    Shape out = window.out("unfold", x, x.dim(3));
    return out.insert(3, window.kernelH()).insert(4, window.kernelW());
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor x = inputs.get(0);
    return List.of(Tensor.run(new Fold(window, x.dim(1), x.dim(2)), dOutput));
  }
}
