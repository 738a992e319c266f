package org.hcpl.tensor.op;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.OpCheck;
import org.hcpl.tensor.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient that an operation states is the gradient of its definition. */
class StatedGradientTest {
  @TestFactory
  Stream<DynamicTest> statedGradientsAreThoseOfTheDefinitions() {
    return OpSamples.all().stream()
        .filter(sample -> !(sample.op() instanceof Primitive) && sample.differentiable() != 0)
        .map(
            sample ->
                DynamicTest.dynamicTest(sample.op() + " " + sample.shapes(), () -> check(sample)));
  }

  private static void check(OpCheck sample) {
    List<Tensor> stated = gradients(sample, true);
    List<Tensor> defined = gradients(sample, false);
    for (int i = 0; i < stated.size(); i++) {
      float[] a = stated.get(i).toArray();
      float[] b = defined.get(i).toArray();
      double largest = 0;
      for (float v : b) {
        largest = Math.max(largest, Math.abs(v));
      }
      // A definition rounds to float32 after every step; a dozen steps of a sum of these terms.
      double tolerance = 12 * (8 + 2 * Math.sqrt(sample.terms())) * 0x1p-24 * (largest + 1e-3);
      for (int j = 0; j < a.length; j++) {
        if (!(Math.abs((double) a[j] - b[j]) <= tolerance)) {
          throw new AssertionError(
              sample.op()
                  + ": gradient of input "
                  + i
                  + " at "
                  + j
                  + ": stated "
                  + a[j]
                  + ", of the definition "
                  + b[j]
                  + " (tolerance "
                  + tolerance
                  + ")");
        }
      }
    }
  }

  private static List<Tensor> gradients(OpCheck sample, boolean stated) {
    Op op = sample.op();
    List<Tensor> inputs = sample.inputs(Backends.reference());
    int count = sample.differentiable() < 0 ? inputs.size() : sample.differentiable();
    inputs.subList(0, count).forEach(input -> input.requireGrad(true));
    Tensor y = stated ? Tensor.run(op, inputs) : op.define(inputs);
    y.backward(Rng.of(7).uniform(y.shape(), -1, 1).to(Backends.reference()));
    List<Tensor> gradients = new ArrayList<>();
    inputs.subList(0, count).forEach(input -> gradients.add(input.grad()));
    return gradients;
  }
}
