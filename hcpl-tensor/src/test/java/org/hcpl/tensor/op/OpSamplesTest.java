package org.hcpl.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.io.Words;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.testing.OpCheck;
import org.hcpl.tensor.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OpSamplesTest {
  @TestFactory
  Stream<DynamicTest> samples() {
    return OpSamples.all().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.op() + " " + sample.shapes(), sample::check));
  }

  /** Another number of inputs is an error that says so, or fits: biases may be left out. */
  @TestFactory
  Stream<DynamicTest> anotherNumberOfInputs() {
    return OpSamples.all().stream()
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    sample.op() + " " + sample.shapes(), () -> checkNumberOfInputs(sample)));
  }

  private static void checkNumberOfInputs(OpCheck sample) {
    String name = sample.op().name();
    List<Tensor> inputs = sample.inputs(Backends.cpu());
    for (int fewer = 0; fewer < inputs.size(); fewer++) {
      List<Tensor> some = inputs.subList(0, fewer);
      boolean mayLack = fewer > 0 && sample.op() instanceof Concat;
      if (!mayLack && fewer < inputs.size() - 1) {
        assertThatThrownBy(() -> Tensor.run(sample.op(), some))
            .isInstanceOf(ShapeException.class)
            .hasMessageStartingWith(name + ": " + Words.count(fewer, "input") + " ")
            .hasMessageContaining("(expected: at least ");
      } else {
        try {
          Tensor.run(sample.op(), some);
        } catch (ShapeException e) {
          assertThat(e).hasMessageContaining("expected: ");
        }
      }
    }
    List<Tensor> more = new ArrayList<>(inputs);
    more.addAll(List.of(inputs.get(0), inputs.get(0)));
    if (!(sample.op() instanceof Concat)) {
      assertThatThrownBy(() -> Tensor.run(sample.op(), more))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("expected: ");
    }
  }

  @Test
  void resultsOfComparisonsRequireNoGradient() {
    Tensor a = Tensor.ones(2).requireGrad(true);
    for (Backend backend : List.of(Backends.cpu(), Backends.reference())) {
      Tensor x = a.to(backend).detach().requireGrad(true);
      assertThat(x.greater(Tensor.zeros(2).to(backend)).requiresGrad()).isFalse();
      Tensor y = x.mul(x.greater(Tensor.zeros(2).to(backend)));
      y.sum().backward();
      assertThat(x.grad().toArray()).containsExactly(1, 1);
    }
  }

  @Test
  void everyOperationHasASample() {
    Set<String> sampled =
        OpSamples.all().stream()
            .map(sample -> sample.op().getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> operations =
        new ClassFileImporter()
            .importPackages("org.hcpl.tensor.op").stream()
                .filter(
                    type ->
                        type.isAssignableTo(Op.class)
                            && !type.isInterface()
                            && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(sampled).isEqualTo(operations);
  }
}
