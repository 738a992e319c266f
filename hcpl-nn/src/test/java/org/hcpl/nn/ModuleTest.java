package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.ConvOptions;
import org.junit.jupiter.api.Test;

class ModuleTest {
  /** Convolution, norm and a classifier two levels down. */
  private static final class Network extends Module {
    private final Conv2d stem =
        child("stem", new Conv2d(2, 4, 3, ConvOptions.DEFAULT.padding(1), false));
    private final BatchNorm2d norm = child("norm", new BatchNorm2d(4));
    private final Sequential head =
        child("head", new Sequential(new Dropout(0.5), new Linear(4, 3)));

    @Override
    public Tensor forward(Tensor x) {
      return head.apply(norm.apply(stem.apply(x)).relu().globalAvgPool());
    }
  }

  @Test
  void namesAndOrderAreThoseOfPyTorch() {
    Network network = new Network();
    assertThat(StateDict.of(network).keySet())
        .containsExactly(
            "stem.weight",
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "norm.num_batches_tracked",
            "head.1.weight",
            "head.1.bias");
    assertThat(network.namedParameters().keySet())
        .containsExactly("stem.weight", "norm.weight", "norm.bias", "head.1.weight", "head.1.bias");
    assertThat(network.namedBuffers().keySet())
        .containsExactly("norm.running_mean", "norm.running_var", "norm.num_batches_tracked");
    assertThat(network.parameterCount()).isEqualTo(4 * 2 * 9 + 8 + 15);
    assertThat(network.toString()).contains("head: Sequential 15").contains("1: Linear 15");
  }

  @Test
  void aBufferThatIsNotThereIsAnError() {
    Module counting =
        new Module() {
          @Override
          public Tensor forward(Tensor x) {
            return x.add(buffer("sum"));
          }
        };
    assertThatThrownBy(() -> counting.apply(Tensor.ones(2)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("module: no buffer 'sum' in");
  }

  @Test
  void errorsEndWithThePathOfTheLayer() {
    Network network = new Network();
    assertThatThrownBy(() -> network.apply(Tensor.zeros(1, 5, 5, 3)))
        .isInstanceOf(ModuleException.class)
        .hasMessageContaining("conv2d")
        .hasMessageEndingWith("in layer: stem (Conv2d)");
    assertThatThrownBy(() -> new Sequential(network).apply(Tensor.zeros(1, 5, 5, 3)))
        .hasMessageEndingWith("in layer: 0.stem (Conv2d)");
  }

  @Test
  void namesMustBeNewAndModulesHaveOneParent() {
    Sequential one = new Sequential();
    Linear shared = new Linear(1, 1);
    one.add("a", shared);
    assertThatThrownBy(() -> one.add("a", new Identity()))
        .isInstanceOf(TensorException.class)
        .hasMessage("module: two things named 'a' in Sequential");
    assertThatThrownBy(() -> new Sequential().add("b", shared))
        .hasMessageContaining(
            "child 'b' of Sequential is already child 'a' of another module (expected: one"
                + " parent)");
    assertThatThrownBy(() -> one.add("a.b", new Identity()))
        .hasMessageContaining("name 'a.b' (expected: not empty and without a dot)");
  }

  @Test
  void trainingAndEvaluationReachAllChildren() {
    Network network = new Network();
    network.eval();
    assertThat(network.modules().values()).noneMatch(Module::isTraining);
    network.train();
    assertThat(network.modules().values()).allMatch(Module::isTraining);
  }

  @Test
  void initialValuesDependOnSeedAndPathOnly() {
    Network first = new Network();
    first.initialise(Rng.of(1));
    Network second = new Network();
    second.initialise(Rng.of(1));
    Network third = new Network();
    third.initialise(Rng.of(2));
    Sequential alone = new Sequential().add("stem", new Conv2d(2, 4, 3, ConvOptions.DEFAULT, true));
    alone.initialise(Rng.of(1));
    float[] values = weight(first, "stem.weight");
    assertThat(weight(second, "stem.weight")).isEqualTo(values);
    assertThat(weight(third, "stem.weight")).isNotEqualTo(values);
    assertThat(weight(alone, "stem.weight")).isEqualTo(values);
    assertThat(weight(first, "head.1.weight")).doesNotContain(0);
  }

  @Test
  void seedingMakesDropoutRepeat() {
    Network network = new Network();
    network.initialise(Rng.of(1));
    Tensor x = Rng.of(5).uniform(org.hcpl.tensor.Shape.of(4, 6, 6, 2), -1, 1);
    network.seed(Rng.of(9).split(17));
    float[] first = network.apply(x).toArray();
    float[] next = network.apply(x).toArray();
    network.seed(Rng.of(9).split(17));
    assertThat(network.apply(x).toArray()).isEqualTo(first).isNotEqualTo(next);
  }

  @Test
  void parametersOutliveTheScopeTheyWereMadeIn() {
    Network network;
    try (Scope scope = Scope.open()) {
      network = new Network();
      network.initialise(Rng.of(1));
    }
    network.eval();
    assertThat(network.apply(Tensor.ones(1, 4, 4, 2)).shape().dims()).containsExactly(1, 3);
  }

  @Test
  void movesToAnotherBackend() {
    Network network = new Network();
    network.initialise(Rng.of(1));
    network.eval();
    Tensor x = Rng.of(5).uniform(org.hcpl.tensor.Shape.of(2, 6, 6, 2), -1, 1);
    float[] here = network.apply(x).toArray();
    network.to(Backends.reference());
    float[] there = network.apply(x.to(Backends.reference())).toArray();
    assertThat(network.namedBuffers().get("norm.running_var").backend())
        .isSameAs(Backends.reference());
    for (int i = 0; i < here.length; i++) {
      assertThat(there[i]).isCloseTo(here[i], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @Test
  void frozenParametersGetNoGradient() {
    Network network = new Network();
    network.initialise(Rng.of(1));
    network.children().get("stem").requireGrad(false);
    network.apply(Tensor.ones(2, 4, 4, 2)).sum().backward();
    assertThat(network.namedParameters().get("stem.weight").grad()).isNull();
    assertThat(network.namedParameters().get("head.1.bias").grad()).isNotNull();
    network.clearGrads();
    assertThat(network.namedParameters().get("head.1.bias").grad()).isNull();
  }

  /** Remembers what it computed on the way. */
  private static final class Remembering extends Module {
    private Tensor doubled;

    @Override
    public Tensor forward(Tensor x) {
      doubled = x.add(x);
      return doubled.relu();
    }
  }

  @Test
  void withoutGradientsIntermediateResultsAreGivenBackAndResultsStay() {
    Remembering first = new Remembering();
    Remembering second = new Remembering();
    Sequential both = new Sequential(first, second, new Identity());
    Tensor x = Tensor.ones(2, 2);
    try (Grad.Mode off = Grad.off();
        Scope scope = Scope.open()) {
      Tensor y = both.apply(x);
      assertThat(y.toArray()).containsOnly(4f);
      assertThatThrownBy(() -> first.doubled.toArray()).hasMessageContaining("keep()");
      // The result alone.
      assertThat(scope.size()).isEqualTo(1);
    }
    assertThat(x.toArray()).containsOnly(1f);
    try (Grad.Mode off = Grad.off()) {
      assertThat(both.apply(x).toArray()).containsOnly(4f);
    }
  }

  @Test
  void intermediateResultsStayWithGradientsOrWhereSomebodyLooks() {
    Remembering module = new Remembering();
    Tensor x = Tensor.ones(2, 2);
    module.apply(x);
    assertThat(module.doubled.toArray()).containsOnly(2f);
    try (Grad.Mode off = Grad.off();
        Scope scope = Scope.open()) {
      try (Scope.Retention retention = Scope.retain()) {
        module.apply(x);
      }
      assertThat(module.doubled.toArray()).containsOnly(2f);
      assertThat(scope.size()).isEqualTo(2);
    }
    assertThatThrownBy(() -> module.doubled.toArray()).hasMessageContaining("keep()");
    try (Grad.Mode off = Grad.off();
        Module.Observation watching =
            Module.observe((seen, output) -> assertThat(output.toArray()).containsOnly(2f))) {
      module.apply(x);
      assertThat(module.doubled.toArray()).containsOnly(2f);
    }
  }

  private static float[] weight(Module module, String name) {
    return module.namedParameters().get(name).value().toArray();
  }
}
