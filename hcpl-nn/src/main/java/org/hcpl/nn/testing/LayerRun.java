package org.hcpl.nn.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hcpl.nn.LoadReport;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.testing.GoldenArray;
import org.hcpl.tensor.testing.GoldenLayers;

/**
 * One run of a case: hands out its inputs as tensors, with channels last where they are images, and
 * takes in what came out, in the file's order.
 */
final class LayerRun {
  /** What was computed and what the file says. */
  record Result(double[] found, double[] expected) {}

  private record Leaf(Tensor tensor, boolean image) {}

  private final GoldenLayers.Case golden;
  private final Rng noise;
  private final double size;
  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private final Map<String, Result> results = new LinkedHashMap<>();
  private Module module;
  private boolean usesFloats;

  /**
   * @param noise changes every input by up to {@code size} of its value; null for none
   */
  LayerRun(GoldenLayers.Case golden, Rng noise, double size) {
    this.golden = golden;
    this.noise = noise;
    this.size = size;
  }

  GoldenLayers.Case golden() {
    return golden;
  }

  Map<String, Result> results() {
    return results;
  }

  /** Whether inputs were rounded to float32. */
  boolean usesFloats() {
    return usesFloats;
  }

  // ---- inputs ----------------------------------------------------------------------------------

  /** An input as it lies in the file. */
  Tensor plain(String key) {
    return leaf(key, false);
  }

  /** An image {@code [N, C, H, W]} or convolution weight {@code [O, I, H, W]}, channels last. */
  Tensor image(String key) {
    return leaf(key, true);
  }

  /** The same, or null if the case has no such input. */
  Tensor plainOrNull(String key) {
    return golden.inputs().containsKey(key) ? plain(key) : null;
  }

  private Tensor leaf(String key, boolean image) {
    GoldenArray array = golden.input(key);
    GoldenArray ordered = image ? array.channelsLast() : array;
    Tensor tensor = tensor(ordered).requireGrad(golden.grads().containsKey(key));
    leaves.put(key, new Leaf(tensor, image));
    return tensor;
  }

  /** An array as a tensor, with noise if this run has it. */
  Tensor tensor(GoldenArray array) {
    return Tensor.of(floats(array), Shape.of(array.shape()));
  }

  /** The values with noise if this run has it. */
  float[] floats(GoldenArray array) {
    return floats(array.values());
  }

  /** The values with noise if this run has it. */
  float[] floats(double[] values) {
    usesFloats = true;
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      double factor = noise == null ? 1 : 1 + size * (2 * noise.nextDouble() - 1);
      floats[i] = (float) (factor * values[i]);
    }
    return floats;
  }

  /**
   * Fills a module from the inputs {@code p.NAME} and {@code b.NAME}; every parameter must be
   * there.
   */
  <M extends Module> M load(M layer) {
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    golden.parameters().forEach((name, array) -> arrays.put(name, named(name, array)));
    golden.buffers().forEach((name, array) -> arrays.put(name, named(name, array)));
    LoadReport report = StateDict.load(layer, arrays, StateDict.Mode.LENIENT);
    boolean parameterMissing =
        report.missing().stream().anyMatch(layer.namedParameters()::containsKey);
    if (parameterMissing || !report.unexpected().isEmpty() || !report.misfits().isEmpty()) {
      throw new TensorException(golden.name() + ": parameters do not fit: " + report);
    }
    module = layer;
    return layer;
  }

  private NamedArray named(String name, GoldenArray array) {
    return new NamedArray(name, array.shape(), floats(array));
  }

  // ---- results ---------------------------------------------------------------------------------

  /** Takes the output {@code y} as it lies in the file, and differentiates. */
  void plainResult(Tensor y) {
    result(y, false);
  }

  /** Takes the output {@code y}, an image with channels last, and differentiates. */
  void imageResult(Tensor y) {
    result(y, true);
  }

  private void result(Tensor y, boolean image) {
    Tensor inFileOrder = image ? y.toNchw() : y;
    GoldenArray expected = golden.output("y");
    if (!inFileOrder.shape().equals(Shape.of(expected.shape()))) {
      throw new TensorException(
          golden.name()
              + ": output "
              + inFileOrder.shape()
              + " (expected: "
              + Shape.of(expected.shape())
              + ")");
    }
    compare("y", inFileOrder.toArray(), expected.values());
    if (golden.grads().isEmpty()) {
      return;
    }
    GoldenArray weights = golden.gradOutputs().get("y");
    inFileOrder.backward(Tensor.of(floats(weights), inFileOrder.shape()));
    golden
        .grads()
        .forEach((key, gradient) -> compare("grad " + key, gradient(key), gradient.values()));
  }

  private float[] gradient(String key) {
    if (key.startsWith("p.")) {
      Parameter parameter = module.namedParameters().get(key.substring(2));
      return parameter.layout().toDisk(parameter.grad().toArray(), parameter.shape());
    }
    Leaf leaf = leaves.get(key);
    Tensor gradient = leaf.tensor().grad();
    return (leaf.image() ? gradient.toNchw() : gradient).toArray();
  }

  /** Takes any array. */
  void compare(String name, float[] found, double[] expected) {
    double[] wide = new double[found.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = found[i];
    }
    compare(name, wide, expected);
  }

  /** Takes any array. */
  void compare(String name, double[] found, double[] expected) {
    results.put(name, new Result(found, expected));
  }
}
