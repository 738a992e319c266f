package org.hcpl.tensor.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.OpCheck;
import org.hcpl.tensor.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A second backend with five kernels and memory of its own runs everything that the CPU runs: what
 * a CUDA backend relies on.
 */
class BackendSeamTest {
  private final RecordingBackend device = new RecordingBackend();

  /** A step of training a small network: forward, loss, backward, update. */
  private static List<float[]> train(Backend backend, int steps) {
    Tensor x = Rng.of(1).uniform(Shape.of(6, 5), -1, 1).to(backend);
    Tensor target = Rng.of(2).bernoulli(Shape.of(6, 3), 0.5).to(backend);
    Tensor w1 = Rng.of(3).uniform(Shape.of(5, 8), -1, 1).to(backend).requireGrad(true);
    Tensor b1 = Tensor.zeros(8).to(backend).requireGrad(true);
    Tensor w2 = Rng.of(4).uniform(Shape.of(8, 3), -1, 1).to(backend).requireGrad(true);
    List<Tensor> parameters = List.of(w1, b1, w2);
    for (int step = 0; step < steps; step++) {
      try (Scope scope = Scope.open()) {
        Tensor hidden = x.matmul(w1).add(b1).relu();
        Tensor y = hidden.matmul(w2).sigmoid();
        Tensor difference = y.sub(target);
        difference.mul(difference).mean().backward();
        try (Grad.Mode mode = Grad.off()) {
          for (Tensor parameter : parameters) {
            parameter.assign(parameter.add(parameter.grad().mul(-0.5)));
            parameter.setGrad(null);
          }
        }
      }
    }
    List<float[]> result = new ArrayList<>();
    parameters.forEach(parameter -> result.add(parameter.toArray()));
    return result;
  }

  @Test
  void aTrainingStepRunsOnTheSecondBackendWithItsFallbacksListed() {
    List<float[]> expected = train(Backends.reference(), 3);
    List<String> events = new ArrayList<>();
    List<float[]> actual;
    try (Dispatch.Observation watching = Dispatch.observe(event -> events.add(event.toString()))) {
      actual = train(device, 3);
    }
    for (int i = 0; i < expected.size(); i++) {
      for (int j = 0; j < expected.get(i).length; j++) {
        // Three steps of a few dozen float32 roundings on values below 2.
        assertThat(actual.get(i)[j]).isCloseTo(expected.get(i)[j], offset(64 * 0x1p-23f));
      }
    }
    assertThat(device.ranNative)
        .containsExactlyInAnyOrder("add", "affine", "matMul", "mul", "relu");
    assertThat(device.fellBack).contains("sigmoid", "exp", "sum", "broadcastTo", "reluGradient");
    assertThat(events)
        .anyMatch(
            e ->
                e.contains(
                    "sigmoid [[6, 3]] -> [6, 3] on recording: composed (the recording device has no kernel for sigmoid)"));
    assertThat(events).anyMatch(e -> e.contains("exp") && e.contains("on recording: host"));
  }

  @Test
  void scopesFreeItsMemory() {
    train(device, 2);
    assertThat(device.liveBuffers).as("x, target, w1, b1, w2 are outside of scopes").isEqualTo(5);
  }

  @Test
  void strictDispatchMakesAFallbackAnError() {
    Tensor x = Tensor.ones(3).to(device);
    Dispatch.setStrict(true);
    try {
      assertThat(x.add(x).toArray()).containsExactly(2, 2, 2);
      assertThatThrownBy(x::sigmoid)
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("sigmoid: no kernel on recording")
          .hasMessageContaining("strict");
    } finally {
      Dispatch.setStrict(false);
    }
  }

  @Test
  void mixingBackendsIsAnError() {
    assertThatThrownBy(() -> Tensor.ones(3).to(device).add(Tensor.ones(3)))
        .hasMessageContaining("different backends: [recording, cpu]");
  }

  @TestFactory
  Stream<DynamicTest> everyOperationRunsOnIt() {
    return OpSamples.all().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.op().toString(), () -> agrees(sample)));
  }

  private void agrees(OpCheck sample) {
    try (Grad.Mode mode = Grad.off()) {
      float[] expected = Tensor.run(sample.op(), sample.inputs(Backends.reference())).toArray();
      float[] actual = Tensor.run(sample.op(), sample.inputs(device)).toArray();
      for (int i = 0; i < expected.length; i++) {
        double tolerance =
            (16 + 4 * Math.sqrt(sample.terms())) * 0x1p-23 * Math.max(1, Math.abs(expected[i]));
        assertThat((double) actual[i]).isCloseTo(expected[i], offset(tolerance));
      }
    }
  }
}
