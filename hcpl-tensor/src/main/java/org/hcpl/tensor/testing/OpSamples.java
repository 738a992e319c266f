package org.hcpl.tensor.testing;

import java.util.List;
import java.util.stream.Stream;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Abs;
import org.hcpl.tensor.op.Add;
import org.hcpl.tensor.op.Affine;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Clamp;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Div;
import org.hcpl.tensor.op.Erf;
import org.hcpl.tensor.op.Exp;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.Greater;
import org.hcpl.tensor.op.Log;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxGradient;
import org.hcpl.tensor.op.Maximum;
import org.hcpl.tensor.op.Minimum;
import org.hcpl.tensor.op.Mul;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.PowScalar;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Reshape;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Sigmoid;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Sqrt;
import org.hcpl.tensor.op.Sub;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.Tanh;
import org.hcpl.tensor.op.UnaryGradient;

/**
 * A line for every operation of this library: what {@link OpCheck} tests, and what other backends
 * are tested with.
 */
public final class OpSamples {
  private static final Shape ODD = Shape.of(3, 5, 7);

  private OpSamples() {}

  /** All samples; every operation has at least one. */
  public static List<OpCheck> all() {
    return Stream.of(
            core(),
            NeuralSamples.activations(),
            NeuralSamples.windows(),
            NeuralSamples.norms(),
            NeuralSamples.products())
        .flatMap(List::stream)
        .toList();
  }

  private static List<OpCheck> core() {
    return List.of(
        OpCheck.of(new Abs(), ODD).notSmooth(),
        OpCheck.of(new Affine(1.7, -0.3), ODD),
        OpCheck.of(new Clamp(-0.5, 0.7), ODD).notSmooth(),
        OpCheck.of(new Erf(), ODD),
        OpCheck.of(new Exp(), ODD),
        OpCheck.of(new Log(), ODD).values(0.3, 3),
        OpCheck.of(new PowScalar(2), ODD),
        OpCheck.of(new PowScalar(-1.5), ODD).values(0.5, 2),
        OpCheck.of(new Relu(), ODD).notSmooth(),
        OpCheck.of(new Sigmoid(), ODD).values(-9, 9),
        OpCheck.of(new Silu(), ODD).values(-9, 9),
        OpCheck.of(new Sqrt(), ODD).values(0.3, 3),
        OpCheck.of(new Tanh(), ODD),
        OpCheck.of(new UnaryGradient(new Silu()), ODD, ODD, ODD).noGradient(),
        OpCheck.of(new Add(), ODD, Shape.of(7))
            .refuses("add: shapes do not broadcast: a [2], b [3]", Shape.of(2), Shape.of(3)),
        OpCheck.of(new Sub(), Shape.of(5, 1), ODD),
        OpCheck.of(new Mul(), Shape.of(2, 3, 3, 5), Shape.of(2, 1, 1, 5)).sums(9),
        OpCheck.of(new Div(), ODD, ODD).values(0.5, 2),
        OpCheck.of(new Maximum(), ODD, ODD).notSmooth(),
        OpCheck.of(new Minimum(), ODD, Shape.of()).notSmooth(),
        OpCheck.of(new Greater(), ODD, ODD).noGradient(),
        OpCheck.of(new Sum(0, 1), ODD).sums(15),
        OpCheck.of(new Sum(1), ODD).sums(5),
        OpCheck.of(new Sum(2), ODD).sums(7),
        OpCheck.of(new Sum(0, 1, 2), Shape.of(13, 11, 17)).sums(2431),
        OpCheck.of(new Max(1), ODD).notSmooth().refuses("is empty", Shape.of(2, 0)),
        OpCheck.of(new MaxGradient(1), ODD, Shape.of(3, 1, 7)).noGradient(),
        OpCheck.of(new Reshape(Shape.of(15, 7)), ODD)
            .refuses("expected: 4 values, got 105", Shape.of(4)),
        OpCheck.of(new Permute(2, 0, 1), ODD).refuses("every axis once", Shape.of(4, 3)),
        OpCheck.of(new BroadcastTo(Shape.of(2, 5, 7)), Shape.of(5, 1))
            .refuses("[3] to [2, 5, 7]", Shape.of(3)),
        OpCheck.of(new Slice(1, 2, 2), ODD).refuses("within 0..3", Shape.of(3, 3)),
        OpCheck.of(new Slice(0, 1, 2), ODD),
        OpCheck.of(new Pad(new int[] {0, 1, 2}, new int[] {1, 0, 3}, 0.5), ODD)
            .refuses("one number >= 0 an axis", Shape.of(2)),
        OpCheck.of(new Concat(1), ODD, Shape.of(3, 2, 7))
            .refuses("equal on all other axes", Shape.of(3, 2, 7), Shape.of(2, 2, 7)),
        OpCheck.of(new Gather(1, 4, 0, 0, 2), ODD).refuses("index 4 into axis 1", Shape.of(3, 2)),
        OpCheck.of(new ScatterAdd(1, 6, 5, 0, 0, 2, 1), ODD)
            .sums(2)
            .refuses("indices for axis 1", Shape.of(3, 2)),
        OpCheck.of(new MatMul(false, false), Shape.of(5, 7), Shape.of(7, 3))
            .sums(7)
            .refuses("inner dimensions differ: a [2, 3], b [4, 5]", Shape.of(2, 3), Shape.of(4, 5)),
        OpCheck.of(new MatMul(true, false), Shape.of(2, 7, 5), Shape.of(7, 3)).sums(14),
        OpCheck.of(new MatMul(false, true), Shape.of(2, 1, 5, 7), Shape.of(3, 4, 7)).sums(12),
        OpCheck.of(new MatMul(true, true), Shape.of(33, 40), Shape.of(17, 33)).sums(33));
  }
}
