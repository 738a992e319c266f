package org.hcpl.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.ScatterAdd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be exported is said; agreement with another runtime is tested in hcpl-bench. */
class OnnxExportErrorsTest {
  private static Module network(UnaryOperator<Tensor> function) {
    Module module =
        new Module() {
          @Override
          public Tensor forward(Tensor x) {
            return function.apply(x);
          }
        };
    module.eval();
    return module;
  }

  @Test
  void trainingModeIsRefused() {
    Module module = network(Tensor::relu);
    module.train();
    assertThatThrownBy(() -> OnnxExport.model(module, Shape.of(1, 2)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is in training mode (expected: eval)\nhelp: call eval()");
  }

  @Test
  void valuesComputedOutsideOfTensorsAreRefused() {
    Module module = network(x -> x.mul(Tensor.scalar(x.sum().item())));
    assertThatThrownBy(() -> OnnxExport.model(module, Shape.of(1, 2)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("other constants, for another input");
    Module branch = network(x -> x.sum().item() > 0.4 ? x.relu() : x.tanh());
    assertThatThrownBy(() -> OnnxExport.model(branch, Shape.of(1, 1)))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void primitivesThatOnnxLacksAreNamed() {
    Module module = network(x -> Tensor.run(new ScatterAdd(1, 3, 0, 2), x));
    assertThatThrownBy(() -> OnnxExport.model(module, Shape.of(1, 2)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("operation ScatterAdd")
        .hasMessageContaining("on [[1, 2]] has no form in ONNX");
  }

  @Test
  void filesThatCannotBeWrittenAreNamed(@TempDir Path folder) {
    Path file = folder.resolve("no/such/folder.onnx");
    assertThatThrownBy(() -> OnnxExport.write(network(Tensor::relu), Shape.of(1, 2), file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("onnx: " + file + " cannot be written")
        .hasMessageContaining("\nhelp: ");
  }

  @Test
  void parametersKeepTheirNamesAndConstantsAreFolded() {
    Module module = Models.tiny("densenet121", ModelOptions.of(4, 5));
    module.initialise(Rng.of(1));
    module.eval();
    String text =
        new String(
            OnnxExport.model(module, Shape.of(1, 32, 32, 4)).bytes(), StandardCharsets.ISO_8859_1);
    assertThat(text)
        .contains("features.conv0.weight", "features.norm0.running_var", "classifier.bias");
    // The network is convolutional up to its head: nothing is transposed on the way.
    assertThat(text).contains("BatchNormalization_").doesNotContain("Transpose_");
  }
}
