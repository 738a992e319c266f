package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * Matrix products {@code [..., m, k] x [..., k, n] -> [..., m, n]}; leading axes broadcast.
 *
 * @param transposeA whether a's last two axes are read as exchanged: {@code [..., k, m]}
 * @param transposeB whether b's last two axes are read as exchanged: {@code [..., n, k]}
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Primitive {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    if (a.rank() < 2 || b.rank() < 2) {
      throw new ShapeException(
          "matmul: a " + a + ", b " + b + " (expected: at least two axes each)");
    }
    int m = a.dim(transposeA ? -1 : -2);
    int k = a.dim(transposeA ? -2 : -1);
    int kb = b.dim(transposeB ? -1 : -2);
    int n = b.dim(transposeB ? -2 : -1);
    if (k != kb) {
      throw new ShapeException(
          "matmul: inner dimensions differ: a "
              + a
              + (transposeA ? " transposed" : "")
              + ", b "
              + b
              + (transposeB ? " transposed" : "")
              + " (expected: "
              + k
              + " == "
              + kb
              + ")");
    }
    Shape batch = Shape.broadcast("matmul", leading(a), leading(b));
    return batch.insert(-1, m).insert(-1, n);
  }

  private static Shape leading(Shape shape) {
    return shape.without(-1).without(-1);
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    Tensor a = inputs.get(0);
    Tensor b = inputs.get(1);
    Tensor dA = null;
    Tensor dB = null;
    if (a.requiresGrad()) {
      dA = transposeA ? b.matmul(transposeB, dOutput, true) : dOutput.matmul(false, b, !transposeB);
    }
    if (b.requiresGrad()) {
      dB = transposeB ? dOutput.matmul(true, a, transposeA) : a.matmul(!transposeA, dOutput, false);
    }
    return Gradients.of(
        dA == null ? null : dA.sumTo(a.shape()), dB == null ? null : dB.sumTo(b.shape()));
  }
}
