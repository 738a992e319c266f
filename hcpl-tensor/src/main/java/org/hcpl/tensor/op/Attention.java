package org.hcpl.tensor.op;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * {@code softmax(scale * q k' + bias) v} (Vaswani et al. 2017): q {@code [..., N, d]}, k {@code
 * [..., M, d]}, v {@code [..., M, e]}, an optional bias that broadcasts to {@code [..., N, M]}; the
 * result is {@code [..., N, e]}. Its gradient computes the weights again instead of keeping them.
 */
public record Attention(double scale) implements Op {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape q = inputs.get(0);
    Shape k = inputs.get(1);
    Shape v = inputs.get(2);
    boolean fits =
        q.rank() >= 2
            && k.rank() == q.rank()
            && v.rank() == q.rank()
            && k.dim(-1) == q.dim(-1)
            && k.equals(q.with(-2, k.dim(-2)))
            && v.equals(k.with(-1, v.dim(-1)));
    if (!fits) {
      throw new ShapeException(
          "attention: q "
              + q
              + ", k "
              + k
              + ", v "
              + v
              + " (expected: [..., N, d], [..., M, d], [..., M, e])");
    }
    if (inputs.size() > 3 && !inputs.get(3).broadcastsTo(q.with(-1, k.dim(-2)))) {
      throw new ShapeException(
          "attention: bias "
              + inputs.get(3)
              + " (expected: one that broadcasts to "
              + q.with(-1, k.dim(-2))
              + ")");
    }
    return q.with(-1, v.dim(-1));
  }

  @Override
  public Tensor define(List<Tensor> inputs) {
    Tensor logits = inputs.get(0).mul(scale).matmul(false, inputs.get(1), true);
    Tensor biased = inputs.size() > 3 ? logits.add(inputs.get(3)) : logits;
    return biased.softmax(-1).matmul(inputs.get(2));
  }
}
