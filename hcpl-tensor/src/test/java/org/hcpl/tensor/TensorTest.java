package org.hcpl.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void viewsShareMemoryAndCopiesDoNot() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor row = x.select(0, 1);
    Tensor column = x.select(1, 1);
    x.copyFrom(new float[] {10, 20, 30, 40, 50, 60});
    assertThat(row.toArray()).containsExactly(40, 50, 60);
    assertThat(column.toArray()).containsExactly(2, 5);
  }

  @Test
  void gradientsAccumulateOverSharedInputs() {
    Tensor a = Tensor.of(new float[] {1, 2}, 2, 1).requireGrad(true);
    Tensor b = Tensor.of(new float[] {3, 4, 5}, 3).requireGrad(true);
    Tensor y = a.mul(b).add(a);
    y.sum().backward();
    assertThat(a.grad().toArray()).containsExactly(15, 15);
    assertThat(b.grad().toArray()).containsExactly(3, 3, 3);
    y.sum().backward();
    assertThat(a.grad().toArray()).containsExactly(30, 30);
  }

  @Test
  void matmulDifferentiatesInEveryTransposition() {
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        Tensor a =
            Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, ta ? Shape.of(3, 2) : Shape.of(2, 3))
                .requireGrad(true);
        Tensor b =
            Tensor.of(new float[] {1, -1, 2, 0.5f, 3, 1}, tb ? Shape.of(2, 3) : Shape.of(3, 2))
                .requireGrad(true);
        Tensor plainA = ta ? a.transpose(0, 1) : a;
        Tensor plainB = tb ? b.transpose(0, 1) : b;
        a.matmul(ta, b, tb).square().sum().backward();
        float[] dA = a.grad().toArray();
        float[] dB = b.grad().toArray();
        a.setGrad(null);
        b.setGrad(null);
        plainA.matmul(plainB).square().sum().backward();
        assertThat(dA).containsExactly(a.grad().toArray());
        assertThat(dB).containsExactly(b.grad().toArray());
      }
    }
  }

  @Test
  void scopesGiveMemoryBackAndSayWhoUsesItAfterwards() {
    Tensor outside = Tensor.ones(2048);
    Tensor lost;
    Tensor kept;
    try (Scope scope = Scope.open()) {
      lost = outside.add(1);
      kept = outside.add(2).keep();
      assertThat(scope.size()).isEqualTo(1);
    }
    assertThat(kept.at(5)).isEqualTo(3);
    assertThatThrownBy(lost::toArray)
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("after its scope was closed");
  }

  @Test
  void backwardGivesIntermediateGradientsBack() {
    Tensor x = Tensor.full(Shape.of(2048), 0.5).requireGrad(true);
    Tensor w = Tensor.full(Shape.of(2048), 2).requireGrad(true);
    try (Scope scope = Scope.open()) {
      Tensor y = x.mul(w).add(x).reshape(32, 64).silu();
      Tensor z = y.add(y).slice(0, 3, 20).mul(y.slice(0, 5, 20)).sum();
      List<Tensor> seen = new ArrayList<>();
      try (Dispatch.Observation watching = Dispatch.observe(e -> seen.add(e.output()))) {
        z.backward();
      }
      assertThat(x.grad().toArray()).hasSize(2048).doesNotContain(Float.NaN);
      assertThat(w.grad().at(10 * 64)).isGreaterThan(0);
      assertThat(y.toArray()).hasSize(2048);
      long alive = seen.stream().filter(TensorTest::alive).map(Tensor::buffer).distinct().count();
      // The leaves' two gradients and the one that it began with; all others have gone back.
      assertThat(alive).isEqualTo(3);
    }
  }

  private static boolean alive(Tensor tensor) {
    try {
      tensor.toArray();
      return true;
    } catch (TensorException e) {
      return false;
    }
  }

  @Test
  void gradientsThatAreKeptAddUpOverScopes() {
    Tensor x = Tensor.ones(2048).requireGrad(true);
    try (Scope step = Scope.open()) {
      for (int batch = 1; batch <= 3; batch++) {
        try (Scope scope = Scope.open()) {
          x.mul(batch).sum().backward();
          x.grad().keep();
        }
      }
      assertThat(x.grad().toArray()).containsOnly(6);
    }
  }

  @Test
  void noTwoLeavesShareTheirGradient() {
    Tensor a = Tensor.ones(3).requireGrad(true);
    Tensor b = Tensor.ones(3).requireGrad(true);
    Tensor given = Tensor.full(Shape.of(3), 4);
    a.add(b).reshape(3, 1).reshape(3).backward(given);
    a.grad().assign(a.grad().mul(0.5));
    given.assign(Tensor.zeros(3));
    assertThat(a.grad().toArray()).containsOnly(2);
    assertThat(b.grad().toArray()).containsOnly(4);
  }

  @Test
  void valuesThatWereOverwrittenHaveNoGradient() {
    for (var backend : List.of(Backends.cpu(), Backends.reference())) {
      Tensor x = Tensor.of(new float[] {1, 2}).to(backend).requireGrad(true);
      Tensor y = x.mul(x).reshape(2, 1).sum();
      y.backward();
      x.slice(0, 1, 1).copyFrom(new float[] {5});
      assertThatThrownBy(y::backward)
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("backward: input [2] of mul was overwritten after it ran");
      assertThat(x.grad().toArray()).containsExactly(2, 4);
      Tensor z = x.sigmoid();
      z.assign(x);
      assertThatThrownBy(() -> z.sum().backward())
          .hasMessageContaining("backward: result [2] of sigmoid was overwritten");
      x.mul(x).sum().backward();
      assertThat(x.grad().toArray()).as("recorded anew").containsExactly(4, 14);
    }
  }

  @Test
  void reductionsWithoutAxesFoldAll() {
    Tensor x = Tensor.arange(0, 6).reshape(2, 3);
    assertThat(x.sum(false).item()).isEqualTo(15);
    assertThat(x.mean(true).shape()).isEqualTo(Shape.of(1, 1));
    assertThat(x.mean(true).item()).isEqualTo(2.5f);
    assertThat(x.variance(false).item()).isEqualTo(35 / 12f);
    assertThat(Tensor.scalar(3).sum(true).shape()).isEqualTo(Shape.of());
  }

  @Test
  void notANumberIsTheLargest() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN, 2, -0f, 0, -0f}, 2, 3);
    assertThat(x.max(false, 1).toArray()).containsExactly(Float.NaN, 0);
    assertThat(x.argmaxLast()).containsExactly(1, 0);
  }

  @Test
  void axesCountFromTheLastToo() {
    Tensor x = Tensor.zeros(2, 3, 4);
    assertThat(x.flatten(-2).shape()).isEqualTo(Shape.of(2, 12));
    assertThat(x.permute(-1, 0, -2).shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Tensor.scalar(1).flatten(0).shape()).isEqualTo(Shape.of(1));
    assertThatThrownBy(() -> x.flatten(3)).hasMessageContaining("axis 3 of [2, 3, 4]");
    assertThatThrownBy(() -> x.permute(-4, 0, 1)).hasMessageContaining("every axis once");
    assertThatThrownBy(() -> Tensor.scalar(1).softmax(0))
        .hasMessage("axis 0 of [] (expected: a tensor that has axes)");
  }

  @Test
  void oneValueIsAVectorUnlessItIsAskedForAsAScalar() {
    assertThat(Tensor.of(new float[] {1}).shape()).isEqualTo(Shape.of(1));
    assertThat(Tensor.of(new float[] {1}, new int[0]).shape()).isEqualTo(Shape.of());
  }

  @Test
  void emptyTensorsHaveTheirPlace() {
    Tensor none = Tensor.zeros(0, 2, 2, 4);
    assertThat(none.groupNorm(2, null, null, 1e-5).shape()).isEqualTo(none.shape());
    assertThat(none.sum(false, 0).toArray()).hasSize(16).containsOnly(0);
    assertThat(Shape.of(1 << 30, 1 << 30, 1 << 30, 0).size()).isZero();
    for (int axis : new int[] {0, 1}) {
      assertThatThrownBy(() -> Tensor.zeros(axis, 1 - axis).logSumExp(axis, false))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("is empty (expected: at least one value)");
    }
    assertThatThrownBy(() -> Tensor.stack(0, List.of()))
        .isInstanceOf(ShapeException.class)
        .hasMessage("concat: no tensors (expected: at least one)");
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("has too many elements (expected: at most 2147483639)");
    assertThatThrownBy(() -> Tensor.arange(0, -1)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Tensor.zeros(6).reshape(-1, -1))
        .hasMessage("reshape: [6] to [-1, -1] (expected: lengths >= 0, and at most one -1)");
    assertThatThrownBy(() -> Tensor.concat(5, Tensor.zeros(2)))
        .hasMessageContaining("axis 5 of [2]");
    // The end would be beyond what an int holds.
    assertThatThrownBy(() -> Tensor.zeros(6).slice(0, Integer.MAX_VALUE, 1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("entries 2147483647..2147483648 of axis 0 of [6]");
    assertThatThrownBy(() -> Tensor.zeros(2, 3).sumTo(Shape.of(2, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("sumTo: [2, 3] to [2, 2]");
  }

  @Test
  void lengthsBeyondWhatAnIntHoldsAreRefused() {
    Tensor many = Tensor.zeros(1 << 20);
    assertThatThrownBy(() -> Tensor.concat(0, Collections.nCopies(2048, many)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("concat: 2048 inputs of 2147483648 entries along axis 0");
    int[] none = new int[2];
    assertThatThrownBy(
            () -> Tensor.zeros(2, 2).pad(new int[] {Integer.MAX_VALUE, 0}, new int[] {1, 0}, 0))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("pad: axis 0 of [2, 2] to 2147483650 entries");
    assertThatThrownBy(() -> Tensor.zeros(2, 2).pad(none, new int[] {Integer.MAX_VALUE - 2, 0}, 0))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[2147483647, 2] has too many elements");
  }

  @Test
  void aPowerOfZeroIsAConstant() {
    for (var backend : List.of(Backends.cpu(), Backends.reference())) {
      Tensor x = Tensor.of(new float[] {0, -2, 3}).to(backend).requireGrad(true);
      x.pow(0).sum().backward();
      assertThat(x.grad().toArray()).containsOnly(0);
    }
  }

  @Test
  void messagesHoldTheShapes() {
    assertThatThrownBy(() -> Tensor.zeros(2, 3).matmul(Tensor.zeros(4, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("matmul: inner dimensions differ: a [2, 3], b [4, 5] (expected: 3 == 4)");
    assertThatThrownBy(() -> Tensor.zeros(2).backward()).hasMessageContaining("expected: a scalar");
  }

  @Test
  void observersSeeEveryRun() {
    List<String> names = new ArrayList<>();
    try (Dispatch.Observation watching = Dispatch.observe(event -> names.add(event.op().name()))) {
      Tensor.ones(2, 2).silu().reshape(4);
    }
    assertThat(names).containsExactly("silu", "reshape");
  }

  /** An operation that is observed from the middle of its run on. */
  private record Late(List<Dispatch.Event> events, List<Dispatch.Observation> begun) implements Op {
    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public Tensor define(List<Tensor> inputs) {
      begun.add(Dispatch.observe(events::add));
      return inputs.get(0).exp();
    }
  }

  @Test
  void anObserverThatComesWhileAnOperationRunsIsToldNoTime() {
    Late late = new Late(new ArrayList<>(), new ArrayList<>());
    try {
      Tensor.run(late, Tensor.ones(1));
    } finally {
      late.begun().forEach(Dispatch.Observation::close);
    }
    assertThat(late.events()).extracting(event -> event.op().name()).containsExactly("exp", "late");
    assertThat(late.events().get(1).nanos()).isZero();
  }

  @Test
  void rngResumesWhereItStopped() {
    Rng a = Rng.of(7).split("dropout");
    a.nextLong();
    Rng b = Rng.resume(a.key(), a.counter());
    assertThat(b.nextLong()).isEqualTo(a.nextLong());
    assertThat(Rng.of(7).split(1).nextLong()).isNotEqualTo(Rng.of(7).split(2).nextLong());
  }
}
