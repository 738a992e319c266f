package org.hcpl.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.Safetensors;
import org.hcpl.tensor.op.ConvOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDictTest {
  @TempDir Path folder;

  private static Sequential network(long seed) {
    Sequential network =
        new Sequential(
            new Conv2d(2, 3, 2, 3, ConvOptions.DEFAULT, true),
            new BatchNorm2d(3),
            new Conv2d(3, 4, 1, ConvOptions.DEFAULT, false));
    network.initialise(Rng.of(seed));
    return network;
  }

  @Test
  void savingAndLoadingKeepsEveryBit() {
    Sequential saved = network(1);
    saved.apply(Rng.of(3).uniform(Shape.of(2, 5, 6, 2), -1, 1));
    Path file = folder.resolve("weights.safetensors");
    StateDict.save(saved, file, Map.of("model", "test"));
    Sequential loaded = network(2);
    LoadReport report = StateDict.load(loaded, file, StateDict.Mode.STRICT);
    assertThat(report.complete()).isTrue();
    assertThat(report.toString()).isEqualTo("8 fit");
    assertThat(Safetensors.open(file).metadata()).containsEntry("model", "test");
    Map<String, NamedArray> expected = StateDict.of(saved);
    StateDict.of(loaded)
        .forEach(
            (name, array) ->
                assertThat(array.values()).as(name).isEqualTo(expected.get(name).values()));
    saved.eval();
    loaded.eval();
    Tensor x = Rng.of(4).uniform(Shape.of(1, 5, 6, 2), -1, 1);
    assertThat(loaded.apply(x).toArray()).isEqualTo(saved.apply(x).toArray());
  }

  @Test
  void convolutionWeightsLieInPyTorchOrder() {
    Sequential network = network(1);
    NamedArray array = StateDict.of(network).get("0.weight");
    assertThat(array.shape()).containsExactly(3, 2, 2, 3);
    Tensor weight = network.namedParameters().get("0.weight").value();
    assertThat(weight.shape()).isEqualTo(Shape.of(3, 2, 3, 2));
    // [out 1, in 0, row 1, column 2]
    assertThat(array.values()[((1 * 2 + 0) * 2 + 1) * 3 + 2]).isEqualTo(weight.at(1, 1, 2, 0));
  }

  @Test
  void strictLoadingListsWhatDoesNotFitAndChangesNothing() {
    Sequential network = network(1);
    float[] before = network.namedParameters().get("0.bias").value().toArray();
    Map<String, NamedArray> arrays = changed();
    assertThatThrownBy(() -> StateDict.load(network, arrays, StateDict.Mode.STRICT))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining(
            "load: weights do not fit Sequential: 6 fit, 1 missing (1.running_mean), 1 unexpected"
                + " (classifier.weight), 1 of another shape (2.weight [5, 3, 1, 1] instead of [4,"
                + " 3, 1, 1])")
        .hasMessageContaining("\nhelp: ");
    assertThat(network.namedParameters().get("0.bias").value().toArray()).isEqualTo(before);
  }

  @Test
  void lenientLoadingTakesWhatFits() {
    Sequential network = network(1);
    float[] unloaded = network.namedParameters().get("2.weight").value().toArray();
    LoadReport report = StateDict.load(network, changed(), StateDict.Mode.LENIENT);
    assertThat(report.complete()).isFalse();
    assertThat(report.missing()).containsExactly("1.running_mean");
    assertThat(report.unexpected()).containsExactly("classifier.weight");
    assertThat(report.misfits()).extracting(LoadReport.Misfit::name).containsExactly("2.weight");
    assertThat(report.loaded()).hasSize(6).contains("0.weight", "1.running_var");
    assertThat(network.namedParameters().get("0.bias").value().toArray())
        .isEqualTo(network(2).namedParameters().get("0.bias").value().toArray());
    assertThat(network.namedParameters().get("2.weight").value().toArray()).isEqualTo(unloaded);
  }

  private static Map<String, NamedArray> changed() {
    Map<String, NamedArray> arrays = new LinkedHashMap<>(StateDict.of(network(2)));
    arrays.remove("1.running_mean");
    arrays.put("2.weight", new NamedArray("2.weight", new int[] {5, 3, 1, 1}, new float[15]));
    arrays.put(
        "classifier.weight", new NamedArray("classifier.weight", new int[] {1}, new float[1]));
    return arrays;
  }
}
