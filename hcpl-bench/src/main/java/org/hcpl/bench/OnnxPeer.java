package org.hcpl.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.export.OnnxModel;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * ONNX Runtime on one model, its inputs and outputs in buffers made once, so that a run is the
 * arithmetic alone.
 */
public final class OnnxPeer implements AutoCloseable {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final FloatBuffer result;

  /**
   * Waits until the threads of a peer that just ran sleep: they look for more work in a loop first,
   * on the cores that the next candidate wants.
   */
  static void settle(int threads) {
    if (threads > 1) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * @param layouts whether the runtime may choose blocked layouts (its highest level of
   *     optimisation); a lone convolution pays for the conversion there and back
   */
  public OnnxPeer(
      byte[] model,
      Map<String, float[]> values,
      Map<String, long[]> shapes,
      String output,
      long[] outputShape,
      int threads,
      boolean layouts) {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(
          layouts
              ? OrtSession.SessionOptions.OptLevel.ALL_OPT
              : OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      session = environment.createSession(model, options);
      for (Map.Entry<String, float[]> entry : values.entrySet()) {
        FloatBuffer buffer = buffer(entry.getValue().length).put(entry.getValue()).rewind();
        inputs.put(
            entry.getKey(),
            OnnxTensor.createTensor(environment, buffer, shapes.get(entry.getKey())));
      }
      int size = 1;
      for (long dim : outputShape) {
        size *= (int) dim;
      }
      result = buffer(size);
      outputs.put(output, OnnxTensor.createTensor(environment, result, outputShape));
    } catch (OrtException e) {
      throw new IllegalStateException("onnx runtime: " + e.getMessage(), e);
    }
  }

  /** {@code C [m, n] = A [m, k] B [k, n]}, both inputs. */
  public static OnnxPeer gemm(int m, int n, int k, float[] a, float[] b, int threads) {
    byte[] model =
        new OnnxModel("matmul")
            .input("a", m, k)
            .input("b", k, n)
            .node("MatMul", List.of("a", "b"), List.of("c"), Map.of())
            .output("c", m, n)
            .bytes();
    return new OnnxPeer(
        model,
        Map.of("a", a, "b", b),
        Map.of("a", new long[] {m, k}, "b", new long[] {k, n}),
        "c",
        new long[] {m, n},
        threads,
        true);
  }

  /**
   * One convolution in the runtime's own order of axes, with constant weights.
   *
   * @param x input {@code [n, c, h, w]}
   * @param w weights {@code [outC, c / groups, kH, kW]}
   */
  public static OnnxPeer conv(ConvGeometry g, float[] x, float[] w, int threads, boolean layouts) {
    long[] xShape = {g.n(), g.c(), g.h(), g.w()};
    long[] yShape = {g.n(), g.outC(), g.outH(), g.outW()};
    byte[] model =
        new OnnxModel("conv")
            .input("x", xShape)
            .initializer("w", w, g.outC(), g.groupC(), g.kH(), g.kW())
            .node(
                "Conv",
                List.of("x", "w"),
                List.of("y"),
                Map.of(
                    "strides", new long[] {g.strideH(), g.strideW()},
                    "dilations", new long[] {g.dilationH(), g.dilationW()},
                    "pads", new long[] {g.padTop(), g.padLeft(), g.padBottom(), g.padRight()},
                    "group", g.groups()))
            .output("y", yShape)
            .bytes();
    return new OnnxPeer(model, Map.of("x", x), Map.of("x", xShape), "y", yShape, threads, layouts);
  }

  private static FloatBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Runs the model; the result is overwritten. */
  public void run() {
    try (OrtSession.Result ignored = session.run(inputs, outputs)) {
      // The outputs are our own buffers: nothing to read here.
    } catch (OrtException e) {
      throw new IllegalStateException("onnx runtime: " + e.getMessage(), e);
    }
  }

  /** The output of the last run, row-major. */
  public FloatBuffer result() {
    return result.duplicate().rewind();
  }

  @Override
  public void close() {
    try {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("onnx runtime: " + e.getMessage(), e);
    }
  }
}
