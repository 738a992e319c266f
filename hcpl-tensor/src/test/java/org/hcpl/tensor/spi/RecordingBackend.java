package org.hcpl.tensor.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.Add;
import org.hcpl.tensor.op.Affine;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.op.Mul;
import org.hcpl.tensor.op.Relu;

/**
 * A stand-in for a device: its memory is outside the Java heap, it has kernels for five operations,
 * and it writes down what it was asked for. What a real device backend needs and no more.
 */
final class RecordingBackend implements Backend {
  final Set<String> ranNative = new TreeSet<>();
  final Set<String> fellBack = new TreeSet<>();
  int liveBuffers;

  /** Off-heap memory, as a device's is. */
  private final class DeviceBuffer implements Buffer {
    private final int size;
    private FloatBuffer memory;

    DeviceBuffer(int size) {
      this.size = size;
      this.memory =
          ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
      liveBuffers++;
    }

    @Override
    public Backend backend() {
      return RecordingBackend.this;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void release() {
      if (memory != null) {
        memory = null;
        liveBuffers--;
      }
    }
  }

  private final Map<Class<? extends Op>, Kernel> kernels =
      Map.of(
          Add.class, (in, out) -> eachBroadcast(in, out, Float::sum),
          Mul.class, (in, out) -> eachBroadcast(in, out, (a, b) -> a * b),
          Relu.class, (in, out) -> each(in, out, x -> Math.max(x, 0)));

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public Buffer allocate(int size) {
    return new DeviceBuffer(size);
  }

  @Override
  public void upload(float[] from, int fromOffset, Buffer to, int toOffset, int count) {
    memory(to).put(toOffset, from, fromOffset, count);
  }

  @Override
  public void download(Buffer from, int fromOffset, float[] to, int toOffset, int count) {
    memory(from).get(fromOffset, to, toOffset, count);
  }

  @Override
  public Support support(Op op, List<Tensor> inputs) {
    Kernel kernel = kernels.get(op.getClass());
    if (op instanceof Affine affine) {
      kernel = (in, out) -> each(in, out, x -> (float) (affine.scale() * x + affine.shift()));
    }
    if (op instanceof MatMul product && inputs.get(0).rank() == 2 && inputs.get(1).rank() == 2) {
      kernel = (in, out) -> matmul(product, in, out);
    }
    if (kernel == null) {
      fellBack.add(op.name());
      return new Support.Composed("the recording device has no kernel for " + op.name());
    }
    ranNative.add(op.name());
    return new Support.Native(kernel);
  }

  private static FloatBuffer memory(Buffer buffer) {
    FloatBuffer memory = ((DeviceBuffer) buffer).memory;
    if (memory == null) {
      throw new TensorException("recording: buffer used after release");
    }
    return memory;
  }

  private interface F1 {
    float apply(float x);
  }

  private interface F2 {
    float apply(float a, float b);
  }

  private static void each(List<Tensor> in, Tensor out, F1 f) {
    Tensor x = in.get(0);
    for (int i = 0; i < out.size(); i++) {
      memory(out.buffer()).put(out.offset() + i, f.apply(memory(x.buffer()).get(x.offset() + i)));
    }
  }

  private static void eachBroadcast(List<Tensor> in, Tensor out, F2 f) {
    int[] a = in.get(0).shape().broadcastStrides(out.shape());
    int[] b = in.get(1).shape().broadcastStrides(out.shape());
    int[] strides = out.shape().strides();
    for (int i = 0; i < out.size(); i++) {
      int pa = in.get(0).offset();
      int pb = in.get(1).offset();
      for (int axis = 0; axis < strides.length; axis++) {
        int at = i / strides[axis] % out.dim(axis);
        pa += at * a[axis];
        pb += at * b[axis];
      }
      float value = f.apply(memory(in.get(0).buffer()).get(pa), memory(in.get(1).buffer()).get(pb));
      memory(out.buffer()).put(out.offset() + i, value);
    }
  }

  private static void matmul(MatMul op, List<Tensor> in, Tensor out) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    int m = out.dim(0);
    int n = out.dim(1);
    int k = a.dim(op.transposeA() ? 0 : 1);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int l = 0; l < k; l++) {
          sum +=
              memory(a.buffer()).get(a.offset() + (op.transposeA() ? l * m + i : i * k + l))
                  * memory(b.buffer()).get(b.offset() + (op.transposeB() ? j * k + l : l * n + j));
        }
        memory(out.buffer()).put(out.offset() + i * n + j, sum);
      }
    }
  }
}
