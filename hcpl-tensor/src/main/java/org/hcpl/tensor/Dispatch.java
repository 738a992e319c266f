package org.hcpl.tensor;

import static org.hcpl.tensor.io.Words.count;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.RandomAccess;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.Support;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations: by the backend's kernel, else by the operation's definition, else (a primitive)
 * on the host.
 *
 * <p>{@code -Dhcpl.dispatch=log} logs every run with how it was done and why; {@code
 * -Dhcpl.dispatch=strict} makes anything but a native kernel an error.
 */
public final class Dispatch {
  /** How an operation was run. */
  public enum How {
    /** By the backend's own kernel. */
    NATIVE,
    /** As its definition. */
    COMPOSED,
    /**
     * A primitive that the backend lacks: computed by the reference backend, with copies there and
     * back.
     */
    HOST,
    /** No computation: the result shares memory with the input. */
    VIEW
  }

  /**
   * One run of an operation.
   *
   * @param reason why not native, else empty
   * @param depth 0 for what the caller asked for, more inside definitions
   * @param nanos wall time of the run, in nanoseconds; 0 if nobody observed when it began
   */
  public record Event(
      Op op, List<Tensor> inputs, Tensor output, How how, String reason, int depth, long nanos) {
    @Override
    public String toString() {
      List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
      String backend = output.backend().name();
      return "  ".repeat(depth)
          + op.name()
          + " "
          + shapes
          + " -> "
          + output.shape()
          + " on "
          + backend
          + ": "
          + how.name().toLowerCase(Locale.ROOT)
          + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
  }

  /** Ends, when closed, what {@link #observe} began. */
  public interface Observation extends AutoCloseable {
    @Override
    void close();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
  private static final List<Consumer<Event>> OBSERVERS = new CopyOnWriteArrayList<>();
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);
  private static volatile boolean strict;

  static {
    String mode = System.getProperty("hcpl.dispatch", "");
    strict = mode.equals("strict");
    if (mode.equals("log")) {
      OBSERVERS.add(event -> LOG.info("{}", event));
    }
  }

  private Dispatch() {}

  /** Tells {@code observer} of every run on any thread until closed. */
  public static Observation observe(Consumer<Event> observer) {
    OBSERVERS.add(observer);
    return () -> OBSERVERS.remove(observer);
  }

  /** Whether anything but a native kernel is an error. */
  public static void setStrict(boolean value) {
    strict = value;
  }

  static Tensor run(Op op, List<Tensor> inputs) {
    List<Shape> shapes = new ArrayList<>(inputs.size());
    boolean record = false;
    for (Tensor input : inputs) {
      shapes.add(input.shape());
      record |= input.requiresGrad();
    }
    record &= Grad.isOn() && op.differentiable();
    Shape shape = shape(op, shapes);
    Backend backend = backend(op, inputs);
    long start = OBSERVERS.isEmpty() ? 0 : System.nanoTime();
    if (op instanceof View view) {
      int offset = view.viewOffset(shapes.get(0));
      if (offset >= 0) {
        Tensor source = inputs.get(0);
        return finish(
            op,
            inputs,
            new Tensor(shape, source.buffer(), source.offset() + offset),
            record,
            How.VIEW,
            "",
            start);
      }
    }
    Support support = backend.support(op, inputs);
    if (support instanceof Support.Native nativeSupport) {
      Tensor output = Tensor.allocate(backend, shape);
      nativeSupport.kernel().run(inputs, output);
      return finish(op, inputs, output, record, How.NATIVE, "", start);
    }
    String reason = ((Support.Composed) support).reason();
    if (strict) {
      throw new TensorException(
          op.name()
              + ": no kernel on "
              + backend.name()
              + " for "
              + shapes
              + ": "
              + reason
              + " (expected: a native kernel, dispatch is strict)");
    }
    if (op instanceof Primitive) {
      return finish(op, inputs, onHost(op, inputs, backend), record, How.HOST, reason, start);
    }
    int depth = DEPTH.get();
    DEPTH.set(depth + 1);
    Tensor output;
    try {
      output = op.define(inputs);
    } finally {
      DEPTH.set(depth);
    }
    if (!output.shape().equals(shape)) {
      throw new ShapeException(
          op.name()
              + ": definition gave "
              + output.shape()
              + " (expected by its shape rule: "
              + shape
              + ")");
    }
    notify(op, inputs, output, How.COMPOSED, reason, start);
    return output;
  }

  private static Shape shape(Op op, List<Shape> inputs) {
    InputShapes seen = new InputShapes(op, inputs);
    Shape shape = op.shape(seen);
    seen.requireAllSeen();
    return shape;
  }

  /** The shapes of an operation's inputs, which notes how many of them its shape rule looks at. */
  private static final class InputShapes extends AbstractList<Shape> implements RandomAccess {
    private final Op op;
    private final List<Shape> shapes;
    private int seen;

    InputShapes(Op op, List<Shape> shapes) {
      this.op = op;
      this.shapes = shapes;
    }

    @Override
    public Shape get(int index) {
      see(index + 1);
      return shapes.get(index);
    }

    @Override
    public int size() {
      return shapes.size();
    }

    @Override
    public List<Shape> subList(int from, int to) {
      see(to);
      return shapes.subList(from, to);
    }

    private void see(int count) {
      if (count > shapes.size()) {
        throw wrong("at least " + count);
      }
      seen = Math.max(seen, count);
    }

    void requireAllSeen() {
      if (seen < shapes.size()) {
        throw wrong(seen + ", as many as its shape rule looks at");
      }
    }

    private ShapeException wrong(String expected) {
      return new ShapeException(
          op.name()
              + ": "
              + count(shapes.size(), "input")
              + " "
              + shapes
              + " (expected: "
              + expected
              + ")");
    }
  }

  private static Tensor onHost(Op op, List<Tensor> inputs, Backend backend) {
    Backend host = Backends.reference();
    if (backend == host) {
      throw new TensorException(
          op.name() + ": a primitive needs a kernel in the reference backend");
    }
    List<Tensor> copies = new ArrayList<>(inputs.size());
    for (Tensor input : inputs) {
      copies.add(input.detach().to(host));
    }
    try (Grad.Mode mode = Grad.off()) {
      int depth = DEPTH.get();
      DEPTH.set(depth + 1);
      try {
        return run(op, copies).to(backend);
      } finally {
        DEPTH.set(depth);
      }
    }
  }

  private static Tensor finish(
      Op op,
      List<Tensor> inputs,
      Tensor output,
      boolean record,
      How how,
      String reason,
      long start) {
    if (record) {
      output.record(op, inputs);
    }
    notify(op, inputs, output, how, reason, start);
    return output;
  }

  private static void notify(
      Op op, List<Tensor> inputs, Tensor output, How how, String reason, long start) {
    if (!OBSERVERS.isEmpty()) {
      long nanos = start == 0 ? 0 : System.nanoTime() - start;
      Event event = new Event(op, inputs, output, how, reason, DEPTH.get(), nanos);
      OBSERVERS.forEach(observer -> observer.accept(event));
    }
  }

  private static Backend backend(Op op, List<Tensor> inputs) {
    Backend backend = inputs.get(0).backend();
    for (Tensor input : inputs) {
      if (input.backend() != backend) {
        throw new TensorException(
            op.name()
                + ": inputs on different backends: "
                + inputs.stream().map(t -> t.backend().name()).toList()
                + " (help: move them with to(backend))");
      }
    }
    return backend;
  }
}
