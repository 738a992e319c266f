package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The outputs of a filled network in eval mode ({@code models/KEY.HxW.json}).
 *
 * @param key the key of the model, also of its architecture file
 * @param registryName the name in timm's registry
 * @param options constructor options besides
 * @param input the stream and shape {@code [N, C, H, W]} of the input, see {@link GoldenFill#input}
 * @param logits the float64 outputs {@code [image][class]}
 * @param logits32 the same network's outputs in PyTorch's float32
 * @param float32Error the largest difference of the two
 * @param probes samples of what the modules put out, in the order of execution
 */
public record GoldenRun(
    String key,
    String registryName,
    Map<String, Double> options,
    Input input,
    double[][] logits,
    double[][] logits32,
    double float32Error,
    List<Probe> probes) {

  /**
   * Reads the outputs of a network.
   *
   * @throws GoldenFileException if the file is missing or of another form
   */
  public static GoldenRun read(Path file) {
    return GoldenJson.read(
        file,
        "a model's outputs",
        tree ->
            new GoldenRun(
                GoldenJson.text(GoldenJson.get(tree, "model")),
                GoldenJson.text(GoldenJson.get(tree, "timm_name")),
                GoldenModel.options(tree),
                Input.parse(GoldenJson.get(tree, "input")),
                GoldenJson.rows(GoldenJson.get(tree, "logits_f64")),
                GoldenJson.rows(GoldenJson.get(tree, "logits_f32")),
                GoldenJson.number(GoldenJson.get(tree, "max_abs_f32_minus_f64")),
                GoldenJson.list(GoldenJson.get(tree, "probes"), Probe::parse)));
  }

  /**
   * The largest deviation from {@link #logits} that float32 arithmetic may have: ten times
   * PyTorch's own, and 1e-5.
   */
  public double float32Tolerance() {
    return 10 * float32Error + 1e-5;
  }

  /**
   * The input of a reference run.
   *
   * @param name the stream of {@link GoldenFill}
   * @param shape {@code [N, C, H, W]}
   */
  public record Input(String name, int[] shape) {
    static Input parse(JsonNode node) {
      return new Input(
          GoldenJson.text(GoldenJson.get(node, "name")),
          GoldenJson.integers(GoldenJson.get(node, "shape")));
    }

    /** The values, row-major in {@code [N, C, H, W]}. A shape of three axes has one channel. */
    public float[] values() {
      return shape.length == 3
          ? GoldenFill.input(name, shape[0], 1, shape[1], shape[2])
          : GoldenFill.input(name, shape[0], shape[1], shape[2], shape[3]);
    }
  }

  /**
   * Samples of a module's output.
   *
   * @param module PyTorch's path
   * @param type timm's class
   * @param shape PyTorch's shape: NCHW in convolutional networks, NHWC inside Swin
   * @param mean the mean of the output
   * @param absMean the mean magnitude
   * @param indices flat indices into that shape
   * @param values the values there, 9 digits
   */
  public record Probe(
      String module,
      String type,
      int[] shape,
      double mean,
      double absMean,
      int[] indices,
      double[] values) {
    private static Probe parse(JsonNode row) {
      return new Probe(
          GoldenJson.text(GoldenJson.get(row, 0)),
          GoldenJson.text(GoldenJson.get(row, 1)),
          GoldenJson.integers(GoldenJson.get(row, 2)),
          GoldenJson.number(GoldenJson.get(row, 3)),
          GoldenJson.number(GoldenJson.get(row, 4)),
          GoldenJson.integers(GoldenJson.get(row, 5)),
          GoldenJson.numbers(GoldenJson.get(row, 6)));
    }
  }
}
