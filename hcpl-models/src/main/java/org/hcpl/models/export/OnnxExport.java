package org.hcpl.models.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.io.AtomicFile;

/**
 * Writes networks as ONNX files (opset 17) for other runtimes.
 *
 * <p>The network is run in eval mode on an input of the given shape, and what it does becomes the
 * graph: operations that ONNX has are written as such, all others as their definitions, and what
 * depends on parameters alone is computed now. The graph has the input {@code input} and the output
 * {@code output}; of four axes they are {@code [N, C, H, W]}, as is usual in ONNX, and the batch
 * size is that of the given shape. Parameters keep their state-dict names.
 */
public final class OnnxExport {
  private OnnxExport() {}

  /**
   * Writes a network, replacing the file as a whole or not at all.
   *
   * @param module in eval mode
   * @param input the shape of its input, images as {@code [N, H, W, C]}
   * @throws ModelException if the network is in training mode, does something that ONNX cannot
   *     express or computes outside of tensors, or the file cannot be written
   */
  public static void write(Module module, Shape input, Path file) {
    OnnxModel model = model(module, input);
    try {
      AtomicFile.write(file, model::writeTo);
    } catch (IOException e) {
      throw new ModelException(
          "onnx: "
              + file
              + " cannot be written: "
              + e
              + "\nhelp: give it a folder that exists and has room",
          e);
    }
  }

  /** The ONNX form of a network, see {@link #write}. */
  public static OnnxModel model(Module module, Shape input) {
    if (module.isTraining()) {
      throw new ModelException(
          "onnx: "
              + module.getClass().getSimpleName()
              + " is in training mode (expected: eval)\nhelp: call eval()");
    }
    OnnxModel model = trace(module, probe(input, 0.6180339887));
    // Values that a network computes outside of tensors would be written as constants: they show on
    // a second input.
    OnnxModel again = trace(module, probe(input, 0.7548776662));
    if (!Arrays.equals(digest(model), digest(again))) {
      throw new ModelException(
          "onnx: "
              + module.getClass().getSimpleName()
              + " does other operations, or has other constants, for another input (expected: the same graph for every input)");
    }
    return model;
  }

  /** Numbers in [-1, 1), spread evenly by a step that no short period fits. */
  private static Tensor probe(Shape shape, double step) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      double position = (i + 1) * step;
      values[i] = (float) (2 * (position - Math.floor(position)) - 1);
    }
    return Tensor.of(values, shape);
  }

  private static OnnxModel trace(Module module, Tensor input) {
    OnnxTrace trace = new OnnxTrace(module, input, OnnxOps::knows);
    OnnxModel model = new OnnxModel(module.getClass().getSimpleName());
    IdentityHashMap<Tensor, String> names = new IdentityHashMap<>();
    module.namedParameters().forEach((name, parameter) -> names.put(parameter.value(), name));
    module.namedBuffers().forEach((name, buffer) -> names.put(buffer, name));
    OnnxGraph graph = new OnnxGraph(model, trace, names);
    boolean image = input.rank() == 4;
    model.input("input", dims(input.shape(), image));
    graph.set(input, "input", image);
    trace.steps().forEach(step -> OnnxOps.add(graph, step));
    Tensor output = trace.output();
    boolean map = output.rank() == 4;
    String result = map ? graph.channelsFirst(output) : graph.own(output);
    model.node("Identity", List.of(result), List.of("output"), Map.of());
    return model.output("output", dims(output.shape(), map));
  }

  private static long[] dims(Shape shape, boolean image) {
    return OnnxGraph.longs(
        (image ? OnnxGraph.permuted(shape, OnnxGraph.CHANNELS_FIRST) : shape).dims());
  }

  private static byte[] digest(OnnxModel model) {
    try (DigestOutputStream out =
        new DigestOutputStream(
            OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
      model.writeTo(out);
      return out.getMessageDigest().digest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
