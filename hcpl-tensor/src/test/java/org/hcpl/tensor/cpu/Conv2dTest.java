package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvGeometry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Conv2dTest {
  /** Error against double at most this many times the naive float loop's. */
  private static final double FACTOR = 2;

  /** Layers of all kinds: odd sizes, strides, dilation, asymmetric padding, groups. */
  static Stream<ConvGeometry> geometries() {
    List<ConvGeometry> all = new ArrayList<>();
    all.add(ConvGeometry.square(1, 7, 7, 24, 40, 1, 1, 0));
    all.add(ConvGeometry.square(2, 5, 9, 256, 80, 1, 1, 0));
    all.add(ConvGeometry.square(2, 9, 7, 13, 33, 1, 2, 0));
    all.add(ConvGeometry.square(1, 11, 8, 7, 5, 1, 1, 1));
    all.add(ConvGeometry.square(1, 17, 15, 4, 24, 3, 2, 1));
    all.add(ConvGeometry.square(1, 16, 16, 16, 32, 3, 1, 1));
    all.add(ConvGeometry.square(2, 13, 10, 33, 17, 3, 1, 1));
    all.add(ConvGeometry.square(1, 23, 21, 4, 16, 7, 2, 3));
    all.add(ConvGeometry.square(1, 6, 5, 3, 3, 5, 1, 4));
    all.add(ConvGeometry.same(2, 11, 14, 5, 7, 3, 3, 2, 2, 1, 1, 1));
    all.add(ConvGeometry.same(1, 9, 9, 6, 10, 5, 3, 3, 2, 2, 1, 2));
    all.add(new ConvGeometry(2, 9, 8, 6, 9, 2, 3, 3, 1, 2, 0, 1, 3, 1, 2, 3));
    all.add(new ConvGeometry(1, 4, 3, 5, 6, 1, 1, 3, 4, 0, 0, 0, 0, 1, 1, 1));
    all.add(ConvGeometry.symmetric(1, 12, 12, 64, 64, 3, 3, 2, 2, 1, 1, 1, 1, 2));
    Random random = new Random(11);
    while (all.size() < 60) {
      int groups = 1 + random.nextInt(3);
      try {
        all.add(
            new ConvGeometry(
                1 + random.nextInt(2),
                1 + random.nextInt(12),
                1 + random.nextInt(12),
                groups * (1 + random.nextInt(20)),
                groups * (1 + random.nextInt(20)),
                1 + random.nextInt(4),
                1 + random.nextInt(4),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                groups));
      } catch (TensorException tooSmallForItsKernel) {
        continue;
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void agreesWithTheNaiveLoops(ConvGeometry g) {
    Random random = new Random(g.hashCode());
    float[] x = Naive.random(random, g.inputSize());
    float[] w = Naive.random(random, g.weightSize());
    float[] dy = Naive.random(random, g.outputSize());
    Naive.Sums forward = Naive.forward(g, x, w);
    Naive.Sums inputGradient = Naive.inputGradient(g, dy, w);
    Naive.Sums weightGradient = Naive.weightGradient(g, x, dy);
    Kernels.all()
        .forEach(
            kernel -> {
              float[] y = filled(g.outputSize());
              Conv2dForward.run(g, x, 0, PackedConv2d.of(kernel, g, w, 0), y, 0, null);
              forward.check("forward " + g, y, 0, FACTOR);
              y = filled(g.outputSize());
              Conv2dForward.run(kernel, g, x, 0, w, 0, y, 0, null);
              forward.check("forward, weights as they are " + g, y, 0, FACTOR);
              float[] dx = filled(g.inputSize());
              Conv2dInputGradient.run(kernel, g, dy, 0, w, 0, dx, 0, false);
              inputGradient.check("input gradient " + g, dx, 0, FACTOR);
              float[] dw = filled(g.weightSize());
              Conv2dWeightGradient.run(kernel, g, x, 0, dy, 0, dw, 0, false);
              weightGradient.check("weight gradient " + g, dw, 0, FACTOR);
            });
  }

  private static float[] filled(int size) {
    float[] values = new float[size];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** Winograd's F(4x4, 3x3) has a documented error of its own: up to 4 times the naive loop's. */
  @ParameterizedTest
  @MethodSource("winogradGeometries")
  void winogradStaysWithinFourTimesTheNaiveError(ConvGeometry g) {
    Assumptions.assumeTrue(VectorSupport.available(), "no Vector API");
    Random random = new Random(g.hashCode());
    float[] x = Naive.random(random, g.inputSize());
    float[] w = Naive.random(random, g.weightSize());
    float[] bias = Naive.random(random, g.outC());
    Naive.Sums forward = Naive.forward(g, x, w);
    for (int i = 0; i < forward.exact().length; i++) {
      forward.exact()[i] = Math.max(0, forward.exact()[i] + bias[i % g.outC()]);
      forward.naive()[i] = Math.max(0, forward.naive()[i] + bias[i % g.outC()]);
    }
    int threads = Parallel.threads();
    try {
      for (int count : new int[] {1, 3}) {
        Parallel.setThreads(count);
        float[] y = filled(g.outputSize());
        PackedConv2d weights = PackedConv2d.winograd(g, w, 0);
        Conv2dForward.run(g, x, 0, weights, y, 0, Epilogue.of(bias, 0, Activation.RELU));
        forward.check("winograd " + g, y, 0, 4);
      }
    } finally {
      Parallel.setThreads(threads);
    }
  }

  static Stream<ConvGeometry> winogradGeometries() {
    return Stream.of(
        ConvGeometry.square(1, 14, 14, 64, 32, 3, 1, 1),
        ConvGeometry.square(2, 13, 10, 32, 48, 3, 1, 1),
        ConvGeometry.square(1, 7, 7, 16, 16, 3, 1, 0),
        ConvGeometry.square(1, 9, 30, 160, 16, 3, 1, 2),
        ConvGeometry.square(3, 1, 2, 16, 144, 3, 1, 1),
        ConvGeometry.square(1, 5, 6, 640, 16, 3, 1, 1),
        new ConvGeometry(1, 21, 18, 16, 16, 3, 3, 1, 1, 0, 2, 3, 1, 1, 1, 1));
  }

  @Test
  void gradientsAccumulateOnto() {
    ConvGeometry g = new ConvGeometry(2, 7, 6, 6, 8, 3, 2, 2, 1, 1, 0, 0, 1, 1, 1, 2);
    Random random = new Random(12);
    float[] x = Naive.random(random, g.inputSize());
    float[] w = Naive.random(random, g.weightSize());
    float[] dy = Naive.random(random, g.outputSize());
    float[] dx = new float[g.inputSize()];
    float[] dw = new float[g.weightSize()];
    Arrays.fill(dx, 10f);
    Arrays.fill(dw, -3f);
    Conv2dInputGradient.run(g, dy, 0, w, 0, dx, 0, true);
    Conv2dWeightGradient.run(g, x, 0, dy, 0, dw, 0, true);
    double[] exactDx = Naive.inputGradient(g, dy, w).exact();
    double[] exactDw = Naive.weightGradient(g, x, dy).exact();
    for (int i = 0; i < dx.length; i++) {
      assertThat((double) dx[i]).isCloseTo(10 + exactDx[i], within(1e-5));
    }
    for (int i = 0; i < dw.length; i++) {
      assertThat((double) dw[i]).isCloseTo(-3 + exactDw[i], within(1e-5));
    }
  }

  @Test
  void theWeightGradientSumsOverManyBlocksOfPixels() {
    ConvGeometry g = ConvGeometry.square(1, 40, 40, 100, 9, 5, 1, 2);
    Random random = new Random(13);
    float[] x = Naive.random(random, g.inputSize());
    float[] dy = Naive.random(random, g.outputSize());
    float[] dw = new float[g.weightSize()];
    Conv2dWeightGradient.run(g, x, 0, dy, 0, dw, 0, false);
    Naive.weightGradient(g, x, dy).check("weight gradient", dw, 0, FACTOR);
  }

  @Test
  void offsetsAndTheEpilogueAreHeeded() {
    ConvGeometry g = ConvGeometry.symmetric(2, 6, 7, 8, 12, 3, 3, 1, 1, 1, 1, 1, 1, 2);
    Random random = new Random(14);
    float[] x = Naive.random(random, g.inputSize() + 3);
    float[] w = Naive.random(random, g.weightSize() + 5);
    float[] bias = Naive.random(random, g.outC() + 1);
    float[] residual = Naive.random(random, g.outputSize() + 2);
    float[] y = new float[g.outputSize() + 9];
    Epilogue epilogue = Epilogue.of(bias, 1, Activation.RELU).withResidual(residual, 2, g.outC());
    Conv2dForward.run(g, x, 3, w, 5, y, 7, epilogue);
    double[] exact =
        Naive.forward(g, Arrays.copyOfRange(x, 3, x.length), Arrays.copyOfRange(w, 5, w.length))
            .exact();
    for (int i = 0; i < exact.length; i++) {
      double expected = Math.max(0, exact[i] + bias[1 + i % g.outC()] + residual[2 + i]);
      assertThat((double) y[7 + i]).isCloseTo(expected, within(2e-5));
    }
    assertThat(y).startsWith(0, 0, 0, 0, 0, 0, 0).endsWith(0, 0);
  }

  @Test
  void anEmptyBatchGivesZeroWeightGradients() {
    ConvGeometry g = ConvGeometry.square(0, 5, 5, 3, 4, 3, 1, 1);
    float[] none = new float[0];
    float[] w = new float[g.weightSize()];
    float[] dw = filled(g.weightSize());
    Conv2dForward.run(g, none, 0, w, 0, none, 0, null);
    Conv2dInputGradient.run(g, none, 0, w, 0, none, 0, false);
    Conv2dWeightGradient.run(g, none, 0, none, 0, dw, 0, false);
    assertThat(dw).containsOnly(0f);
  }

  @Test
  void arraysThatAreTooSmallAreRefused() {
    ConvGeometry g = ConvGeometry.square(1, 5, 5, 3, 4, 3, 1, 1);
    float[] x = new float[75];
    float[] w = new float[108];
    assertThatThrownBy(() -> Conv2dForward.run(g, x, 1, w, 0, new float[100], 0, null))
        .hasMessage("conv2d: input of 75 floats at 1 of 75 floats (expected: all inside)");
    assertThatThrownBy(() -> Conv2dForward.run(g, x, 0, w, 0, new float[99], 0, null))
        .hasMessage("conv2d: output of 100 floats at 0 of 99 floats (expected: all inside)");
  }
}
