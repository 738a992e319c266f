package org.hcpl.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.hcpl.tensor.testing.GradCheck;

class ShapeProperties {
  /** A shape and two operands' shapes that broadcast to it. */
  record Operands(Shape target, Shape a, Shape b) {}

  @Provide
  Arbitrary<Shape> shapes() {
    return Arbitraries.integers()
        .between(1, 5)
        .array(int[].class)
        .ofMinSize(0)
        .ofMaxSize(4)
        .map(Shape::of);
  }

  @Provide
  Arbitrary<Operands> operands() {
    Arbitrary<List<Integer>> roles = Arbitraries.integers().between(0, 2).list().ofSize(4);
    Arbitrary<Integer> cut = Arbitraries.integers().between(0, 4);
    return Combinators.combine(shapes(), roles, cut)
        .as(
            (target, role, leading) -> {
              int[] a = target.dims();
              int[] b = target.dims();
              for (int i = 0; i < target.rank(); i++) {
                if (role.get(i) == 1) {
                  a[i] = 1;
                } else if (role.get(i) == 2) {
                  b[i] = 1;
                }
              }
              int skip = 0;
              while (skip < Math.min(leading, a.length) && a[skip] == 1) {
                skip++;
              }
              return new Operands(
                  target, Shape.of(IntStream.of(a).skip(skip).toArray()), Shape.of(b));
            });
  }

  @Property(tries = 300)
  void broadcastingIsSymmetricAndReadsTheRightValues(@ForAll("operands") Operands o) {
    assertThat(Shape.broadcast("add", o.a(), o.b()))
        .isEqualTo(o.target())
        .isEqualTo(Shape.broadcast("add", o.b(), o.a()));
    Tensor a = Rng.of(1).uniform(o.a(), -1, 1);
    Tensor b = Rng.of(2).uniform(o.b(), -1, 1);
    float[] sum = a.broadcastTo(o.target()).add(b.broadcastTo(o.target())).toArray();
    assertThat(a.add(b).toArray()).containsExactly(sum);
    assertThat(b.add(a).toArray()).containsExactly(sum);
  }

  @Property(tries = 100)
  void sumToIsTheAdjointOfBroadcasting(@ForAll("operands") Operands o) {
    Tensor x = Rng.of(3).uniform(o.a(), -1, 1);
    Tensor w = Rng.of(4).uniform(o.target(), -1, 1);
    double forward = dot(x.broadcastTo(o.target()), w);
    double backward = dot(x, w.sumTo(o.a()));
    assertThat(forward).isCloseTo(backward, offset(1e-5 * Math.max(1, o.target().size())));
  }

  @Property(tries = 100)
  void gradientsOfBroadcastProductsAgreeWithDifferences(@ForAll("operands") Operands o) {
    Assume.that(o.target().size() <= 60);
    GradCheck.check(
        "mul",
        in -> in.get(0).mul(in.get(1)),
        Rng.of(5).uniform(o.a(), -1, 1),
        Rng.of(6).uniform(o.b(), -1, 1));
  }

  @Property(tries = 200)
  void permutingBackGivesTheSame(
      @ForAll("shapes") Shape shape, @ForAll @IntRange(min = 0, max = 1000) int seed) {
    Tensor x = Rng.of(seed).uniform(shape, -1, 1);
    int[] axes = Rng.of(seed).split("axes").permutation(shape.rank());
    int[] back = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      back[axes[i]] = i;
    }
    assertThat(x.permute(axes).permute(back).toArray()).containsExactly(x.toArray());
  }

  @Property(tries = 200)
  void slicesPutTogetherGiveTheSame(
      @ForAll("shapes") Shape shape,
      @ForAll @IntRange(min = 0, max = 3) int axisSeed,
      @ForAll @IntRange(min = 0, max = 5) int cutSeed) {
    Assume.that(shape.rank() > 0);
    int axis = axisSeed % shape.rank();
    int cut = cutSeed % (shape.dim(axis) + 1);
    Tensor x = Rng.of(cutSeed).uniform(shape, -1, 1);
    Tensor again =
        Tensor.concat(axis, x.slice(axis, 0, cut), x.slice(axis, cut, shape.dim(axis) - cut));
    assertThat(again.toArray()).containsExactly(x.toArray());
    assertThat(x.roll(axis, cut).roll(axis, -cut).toArray()).containsExactly(x.toArray());
    assertThat(x.flip(axis).flip(axis).toArray()).containsExactly(x.toArray());
  }

  @Property(tries = 100)
  void viewsSeeWhatTheirSourceBecomes(@ForAll("shapes") Shape shape) {
    Assume.that(shape.rank() > 0);
    Tensor x = Rng.of(8).uniform(shape, -1, 1);
    Tensor view = x.flatten(0).slice(0, shape.size() / 2, shape.size() - shape.size() / 2);
    x.copyFrom(new float[shape.size()]);
    assertThat(view.toArray()).containsOnly(0);
  }

  private static double dot(Tensor a, Tensor b) {
    float[] x = a.toArray();
    float[] y = b.toArray();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }
}
