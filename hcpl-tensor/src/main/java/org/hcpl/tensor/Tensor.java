package org.hcpl.tensor;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.Buffer;
import org.hcpl.tensor.spi.HostBuffer;

/**
 * A float32 array of any rank on some backend, always contiguous and row-major; images and feature
 * maps are {@code [N, H, W, C]}.
 *
 * <p>Tensors behave as values: operations make new ones, except {@link #assign}. Reshaping, and
 * slices along leading axes, are views that share memory; everything else copies. Operations on
 * tensors that require gradients are recorded, and {@link #backward()} fills {@link #grad()} of the
 * leaves.
 */
public final class Tensor implements Elementwise, Reductions, Movement, Linalg, Neural {
  private static final AtomicLong SEQUENCE = new AtomicLong();

  private final Shape shape;
  private final Buffer buffer;
  private final int offset;
  private boolean requiresGrad;
  private Tensor grad;
  private Op op;
  private List<Tensor> inputs = List.of();
  private long sequence;

  /** The latest version of the memory of the inputs and of this when it was recorded. */
  private long recordedVersion;

  Tensor(Shape shape, Buffer buffer, int offset) {
    this.shape = shape;
    this.buffer = buffer;
    this.offset = offset;
  }

  // ---- creation --------------------------------------------------------------------------------

  /** A tensor over new memory of a backend, content undefined: for kernels. */
  public static Tensor allocate(Backend backend, Shape shape) {
    Buffer buffer = backend.allocate(shape.size());
    Scope.register(buffer);
    return new Tensor(shape, buffer, 0);
  }

  /**
   * A copy of values as a vector, {@code [values.length]}, on the default backend; see {@link
   * #scalar} for {@code []}.
   */
  public static Tensor of(float[] values) {
    return of(values, Shape.of(values.length));
  }

  /** A copy of row-major values, on the default backend. */
  public static Tensor of(float[] values, int... dims) {
    return of(values, Shape.of(dims));
  }

  /** A copy of row-major values, on the default backend. */
  public static Tensor of(float[] values, Shape shape) {
    if (values.length != shape.size()) {
      throw new ShapeException(
          "tensor: "
              + count(values.length, "value")
              + " for shape "
              + shape
              + " (expected: "
              + shape.size()
              + ")");
    }
    Tensor tensor = allocate(Backends.defaultBackend(), shape);
    tensor.copyFrom(values);
    return tensor;
  }

  /** A scalar, shape {@code []}. */
  public static Tensor scalar(double value) {
    return full(Shape.of(), value);
  }

  /** Zeros on the default backend. */
  public static Tensor zeros(int... dims) {
    return full(Shape.of(dims), 0);
  }

  /** Ones on the default backend. */
  public static Tensor ones(int... dims) {
    return full(Shape.of(dims), 1);
  }

  /** The same value everywhere, on the default backend. */
  public static Tensor full(Shape shape, double value) {
    float[] values = new float[shape.size()];
    if (value != 0) {
      Arrays.fill(values, (float) value);
    }
    return of(values, shape);
  }

  /** {@code start, start + 1, ...}: shape {@code [count]}. */
  public static Tensor arange(int start, int count) {
    float[] values = new float[Shape.of(count).size()];
    for (int i = 0; i < count; i++) {
      values[i] = start + i;
    }
    return of(values, count);
  }

  /** Runs an operation: the way to use one that has no method here. */
  public static Tensor run(Op op, Tensor... inputs) {
    return Dispatch.run(op, List.of(inputs));
  }

  /** Runs an operation. */
  public static Tensor run(Op op, List<Tensor> inputs) {
    return Dispatch.run(op, List.copyOf(inputs));
  }

  /** Tensors side by side along an axis. */
  public static Tensor concat(int axis, Tensor... parts) {
    return concat(axis, List.of(parts));
  }

  /** Tensors side by side along an axis. */
  public static Tensor concat(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw new ShapeException("concat: no tensors (expected: at least one)");
    }
    Concat op = new Concat(parts.get(0).shape().axis(axis));
    return parts.size() == 1 ? parts.get(0) : run(op, parts);
  }

  /** Tensors of one shape along a new axis. */
  public static Tensor stack(int axis, List<Tensor> parts) {
    return concat(
        axis, parts.stream().map(part -> part.reshape(part.shape().insert(axis, 1))).toList());
  }

  // ---- content ---------------------------------------------------------------------------------

  public Shape shape() {
    return shape;
  }

  /** The length of an axis; negative axes count from the last. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** The number of axes. */
  public int rank() {
    return shape.rank();
  }

  /** The number of values. */
  public int size() {
    return shape.size();
  }

  /** Where the values lie, and operations on this tensor run. */
  public Backend backend() {
    return buffer.backend();
  }

  /** The memory, which views share: for backends. */
  public Buffer buffer() {
    return buffer;
  }

  /** Where in the buffer this tensor begins, in elements. */
  public int offset() {
    return offset;
  }

  /** A copy of the values, row-major. */
  public float[] toArray() {
    float[] values = new float[size()];
    backend().download(buffer, offset, values, 0, values.length);
    return values;
  }

  /** The only value of a tensor of one element. */
  public float item() {
    if (size() != 1) {
      throw new ShapeException(
          "item: tensor " + shape + " has " + count(size(), "value") + " (expected: 1)");
    }
    return toArray()[0];
  }

  /** One value; slow, for tests and looking. */
  public float at(int... index) {
    if (index.length != rank()) {
      throw new ShapeException(
          "at: index "
              + Arrays.toString(index)
              + " into "
              + shape
              + " (expected: "
              + rank()
              + " numbers)");
    }
    int position = 0;
    int[] strides = shape.strides();
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= shape.dim(i)) {
        throw new ShapeException(
            "at: index "
                + Arrays.toString(index)
                + " into "
                + shape
                + " (expected: 0.."
                + (shape.dim(i) - 1)
                + " on axis "
                + i
                + ")");
      }
      position += index[i] * strides[i];
    }
    float[] value = new float[1];
    backend().download(buffer, offset + position, value, 0, 1);
    return value[0];
  }

  /**
   * Overwrites the values; views of the same memory change too. As {@link #assign}, it ends what
   * was recorded from the old ones.
   */
  public void copyFrom(float[] values) {
    if (values.length != size()) {
      throw new ShapeException(
          "copyFrom: "
              + count(values.length, "value")
              + " into "
              + shape
              + " (expected: "
              + size()
              + ")");
    }
    backend().upload(values, 0, buffer, offset, values.length);
  }

  /**
   * Overwrites the values with those of a tensor of the same shape, as an optimiser does; not
   * recorded. A backward pass through what was computed from the old ones is an error from then on.
   */
  public void assign(Tensor values) {
    if (!values.shape.equals(shape)) {
      throw new ShapeException(
          "assign: " + values.shape + " into " + shape + " (expected: the same shape)");
    }
    if (values.backend() == backend() && buffer instanceof HostBuffer own) {
      float[] from = ((HostBuffer) values.buffer).array();
      System.arraycopy(from, values.offset, own.writable(), offset, size());
    } else {
      copyFrom(values.toArray());
    }
  }

  /** This tensor on another backend: itself if it is there already, else a copy without history. */
  public Tensor to(Backend target) {
    if (target == backend()) {
      return this;
    }
    Tensor copy = allocate(target, shape);
    copy.copyFrom(toArray());
    return copy;
  }

  /** A view without history that requires no gradient. */
  public Tensor detach() {
    return new Tensor(shape, buffer, offset);
  }

  /** Hands the memory to the scope around the current one; returns this. */
  public Tensor keep() {
    Scope.keep(buffer);
    return this;
  }

  /** Takes the memory out of all scopes of this thread; returns this. */
  public Tensor persist() {
    Scope.persist(buffer);
    return this;
  }

  // ---- differentiation -------------------------------------------------------------------------

  /** Whether it is a leaf that wants a gradient, or a recorded result of one. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** Makes a leaf of differentiation of this tensor, or not; returns this. */
  public Tensor requireGrad(boolean require) {
    if (op != null) {
      throw new TensorException(
          "requireGrad: tensor "
              + shape
              + " is the result of "
              + op.name()
              + " (expected: a leaf; help: detach() it)");
    }
    requiresGrad = require;
    return this;
  }

  /** The gradient that {@link #backward()} left here, of this shape, or null. */
  public Tensor grad() {
    return grad;
  }

  /** Replaces the gradient; null clears it. */
  public void setGrad(Tensor gradient) {
    if (gradient != null && !gradient.shape.equals(shape)) {
      throw new ShapeException(
          "setGrad: gradient "
              + gradient.shape
              + " for tensor "
              + shape
              + " (expected: the same shape)");
    }
    grad = gradient;
  }

  /** The operation that this tensor is the recorded result of, or null. */
  public Op op() {
    return op;
  }

  /** What {@link #op()} was run on. */
  List<Tensor> inputs() {
    return inputs;
  }

  /** Rises from result to result in the order in which they were made; 0 for leaves. */
  long sequence() {
    return sequence;
  }

  void record(Op recorded, List<Tensor> from) {
    op = recorded;
    inputs = from;
    requiresGrad = true;
    sequence = SEQUENCE.incrementAndGet();
    recordedVersion = version();
    for (Tensor input : from) {
      recordedVersion = Math.max(recordedVersion, input.version());
    }
  }

  /**
   * What was written to since this was recorded: this itself, an input, or null for none. Versions
   * rise, so that a later one is of a later write.
   */
  Tensor overwritten() {
    for (Tensor input : inputs) {
      if (input.version() > recordedVersion) {
        return input;
      }
    }
    return version() > recordedVersion ? this : null;
  }

  /** Of the memory; 0 where nobody counts. */
  private long version() {
    return buffer instanceof HostBuffer host ? host.version() : 0;
  }

  /** Adds the gradients of this scalar to {@link #grad()} of every leaf that it depends on. */
  public void backward() {
    if (size() != 1) {
      throw new ShapeException(
          "backward: tensor "
              + shape
              + " (expected: a scalar; help: sum() it or pass its gradient)");
    }
    Tensor one = allocate(backend(), shape);
    one.copyFrom(new float[] {1});
    backward(one);
  }

  /**
   * Adds the gradients of {@code sum(this * dThis)} to {@link #grad()} of every leaf that this
   * depends on. Gradients of results on the way are given back as soon as they are used.
   *
   * @param dThis of this shape
   * @throws TensorException if a tensor that this was computed from was overwritten since
   */
  public void backward(Tensor dThis) {
    if (!requiresGrad) {
      throw new TensorException(
          "backward: tensor " + shape + " depends on nothing that requires a gradient");
    }
    if (!dThis.shape.equals(shape)) {
      throw new ShapeException(
          "backward: gradient "
              + dThis.shape
              + " for tensor "
              + shape
              + " (expected: the same shape)");
    }
    try (Grad.Mode mode = Grad.off()) {
      Backward.run(this, dThis);
    }
  }

  /** Shape, backend and the first values. */
  @Override
  public String toString() {
    int shown = Math.min(size(), 8);
    float[] values = new float[shown];
    backend().download(buffer, offset, values, 0, shown);
    String text = Arrays.toString(values);
    return "Tensor"
        + shape
        + " on "
        + backend().name()
        + " "
        + (shown < size() ? text.substring(0, text.length() - 1) + ", ...]" : text);
  }
}
