package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One training step of a filled network and three steps of plain gradient descent ({@code
 * train/KEY.HxW.bB.json}), in float64, train mode, without dropout; the loss is the mean of binary
 * cross-entropy with logits over images and classes.
 *
 * @param key the key of the model, also of its architecture file
 * @param registryName the name in timm's registry
 * @param options constructor options besides
 * @param input the input
 * @param target the stream of the targets and their shape {@code [N, classes]}, see {@link
 *     GoldenFill#targets}
 * @param loss the loss of the first forward pass
 * @param logits the outputs of the first forward pass {@code [image][class]}
 * @param gradGlobalNorm the L2 norm of all parameter gradients together
 * @param zeroGradients parameters whose gradient is mathematically zero
 * @param inputGrad the gradient of the input
 * @param grads the gradients of all parameters
 * @param batchNorms the running statistics after the first forward pass
 * @param learningRate of the gradient descent
 * @param losses the train-mode loss after 0, 1, 2 and 3 updates
 * @param logitsAfter the eval-mode outputs after the updates
 */
public record GoldenTrain(
    String key,
    String registryName,
    Map<String, Double> options,
    GoldenRun.Input input,
    GoldenRun.Input target,
    double loss,
    double[][] logits,
    double gradGlobalNorm,
    List<String> zeroGradients,
    GradSample inputGrad,
    List<GradSample> grads,
    List<BatchNormSample> batchNorms,
    double learningRate,
    double[] losses,
    double[][] logitsAfter) {

  /**
   * Reads a training step.
   *
   * @throws GoldenFileException if the file is missing or of another form
   */
  public static GoldenTrain read(Path file) {
    return GoldenJson.read(file, "a model's training step", GoldenTrain::parse);
  }

  private static GoldenTrain parse(JsonNode tree) {
    JsonNode sgd = GoldenJson.get(tree, "sgd");
    return new GoldenTrain(
        GoldenJson.text(GoldenJson.get(tree, "model")),
        GoldenJson.text(GoldenJson.get(tree, "timm_name")),
        GoldenModel.options(tree),
        GoldenRun.Input.parse(GoldenJson.get(tree, "input")),
        GoldenRun.Input.parse(GoldenJson.get(tree, "target")),
        GoldenJson.number(GoldenJson.get(tree, "loss_value")),
        GoldenJson.rows(GoldenJson.get(tree, "logits")),
        GoldenJson.number(GoldenJson.get(tree, "grad_global_norm")),
        GoldenJson.list(GoldenJson.get(tree, "structurally_zero_gradients"), GoldenJson::text),
        GradSample.parse(GoldenJson.get(tree, "grad_input")),
        GoldenJson.list(GoldenJson.get(tree, "grads"), GradSample::parse),
        GoldenJson.list(GoldenJson.get(tree, "bn_after_first_forward"), BatchNormSample::parse),
        GoldenJson.number(GoldenJson.get(sgd, "lr")),
        GoldenJson.numbers(GoldenJson.get(sgd, "losses")),
        GoldenJson.rows(GoldenJson.get(sgd, "eval_logits_after_3_steps")));
  }

  /** The targets {@code [N, classes]}, row-major, 0 or 1. */
  public float[] targets() {
    return GoldenFill.targets(target.name(), target.shape()[0] * target.shape()[1]);
  }

  /**
   * A gradient: its L2 norm and four of its values.
   *
   * @param name the parameter, or {@code input}
   * @param l2 the L2 norm
   * @param indices flat indices in PyTorch's order
   * @param values the values there
   */
  public record GradSample(String name, double l2, int[] indices, double[] values) {
    private static GradSample parse(JsonNode row) {
      return new GradSample(
          GoldenJson.text(GoldenJson.get(row, 0)),
          GoldenJson.number(GoldenJson.get(row, 1)),
          GoldenJson.integers(GoldenJson.get(row, 2)),
          GoldenJson.numbers(GoldenJson.get(row, 3)));
    }
  }

  /**
   * The running statistics of a batch norm.
   *
   * @param name the module
   * @param l2Mean the L2 norm of the running means
   * @param l2Var the L2 norm of the running variances
   * @param channels four channels
   * @param means the running means there
   * @param vars the running variances there
   */
  public record BatchNormSample(
      String name, double l2Mean, double l2Var, int[] channels, double[] means, double[] vars) {
    private static BatchNormSample parse(JsonNode row) {
      return new BatchNormSample(
          GoldenJson.text(GoldenJson.get(row, 0)),
          GoldenJson.number(GoldenJson.get(row, 1)),
          GoldenJson.number(GoldenJson.get(row, 2)),
          GoldenJson.integers(GoldenJson.get(row, 3)),
          GoldenJson.numbers(GoldenJson.get(row, 4)),
          GoldenJson.numbers(GoldenJson.get(row, 5)));
    }
  }
}
