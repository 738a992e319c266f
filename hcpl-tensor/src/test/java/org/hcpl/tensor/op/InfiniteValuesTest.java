package org.hcpl.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Infinities: both backends and the definition agree, with each other and with PyTorch. */
class InfiniteValuesTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  /** The values of an operation on each backend, and by its definition. */
  private static List<float[]> results(Op op, Function<Tensor, Tensor> then, Tensor x) {
    Tensor reference = x.to(Backends.reference());
    return List.of(
        then.apply(Tensor.run(op, x)).toArray(),
        then.apply(Tensor.run(op, reference)).toArray(),
        then.apply(op.define(List.of(x))).toArray(),
        then.apply(op.define(List.of(reference))).toArray());
  }

  @Test
  void softmaxOfARowWithAnInfinityIsNaN() {
    Tensor x = Tensor.of(new float[] {INF, 0, 1, 0, 0, -INF, -INF, -INF, -INF}, 3, 3);
    for (float[] y : results(new Softmax(1), y -> y, x)) {
      assertThat(new float[] {y[0], y[1], y[2], y[6], y[7], y[8]}).containsOnly(Float.NaN);
      assertThat(new float[] {y[3], y[4], y[5]}).containsExactly(0.5f, 0.5f, 0);
    }
    for (float[] y : results(new LogSoftmax(1), y -> y, x)) {
      assertThat(new float[] {y[0], y[1], y[2], y[6], y[7], y[8]}).containsOnly(Float.NaN);
      assertThat(y[5]).isEqualTo(-INF);
    }
    Tensor columns = x.permute(1, 0);
    for (float[] y : results(new Softmax(0), y -> y, columns)) {
      assertThat(new float[] {y[0], y[3], y[6]}).containsOnly(Float.NaN);
    }
  }

  @Test
  void softmaxOfValuesThatAreLargeAndEqualIsShared() {
    for (float large : new float[] {1e10f, 1e20f, Float.MAX_VALUE}) {
      Tensor x = Tensor.of(new float[] {large, 1, large, -3}, 1, 4);
      for (float[] y : results(new Softmax(1), y -> y, x)) {
        assertThat(y).as("of %s", large).containsExactly(0.5f, 0, 0.5f, 0);
      }
      for (float[] y : results(new LogSoftmax(1), y -> y, x)) {
        assertThat(y[0]).as("of %s", large).isCloseTo((float) Math.log(0.5), within(1e-6f));
      }
    }
  }

  /** The gradient of a window of minus infinities goes to the first pixel of the image in it. */
  @Test
  void maxPoolingKeepsTheGradientOfWindowsWithoutAFiniteValue() {
    float[] values = new float[5 * 4 * 3];
    Arrays.fill(values, -INF);
    values[3 * 4 * 3] = 1;
    values[2 * 4 * 3 + 3 * 3 + 1] = Float.NaN;
    values[3 * 4 * 3 + 3 * 3 + 1] = Float.NaN;
    for (PoolOptions options :
        List.of(
            PoolOptions.of(3).stride(2).padding(1).ceilMode(true),
            PoolOptions.of(2),
            PoolOptions.of(3).stride(1).same())) {
      MaxPool2d op = new MaxPool2d(options);
      float[] expected = null;
      for (boolean reference : new boolean[] {true, false}) {
        for (boolean definition : new boolean[] {true, false}) {
          Tensor x = Tensor.of(values, 1, 5, 4, 3);
          x = reference ? x.to(Backends.reference()) : x;
          x.requireGrad(true);
          Tensor y = definition ? op.define(List.of(x)) : Tensor.run(op, x);
          assertThat(y.toArray()).contains(-INF, 1, Float.NaN);
          Tensor dy = Tensor.arange(1, y.size()).reshape(y.shape()).to(x.backend());
          y.backward(dy);
          float[] gradient = x.grad().toArray();
          expected = expected == null ? gradient : expected;
          assertThat(gradient).as(options + " " + reference + definition).isEqualTo(expected);
          double all = 0;
          for (float g : gradient) {
            all += g;
          }
          assertThat(all).isEqualTo(y.size() * (y.size() + 1) / 2.0);
          assertThat(gradient[2]).as("first pixel, third channel").isPositive();
        }
      }
    }
  }
}
