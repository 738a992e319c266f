package org.hcpl.tensor.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.Support;

/**
 * One declaration of an operation from which all its checks follow: agreement of kernel and
 * definition, of the fast and the reference backend, of gradient and finite differences, of the
 * gradient stated and that of the definition, how the kernel treats memory, and the messages for
 * inputs that do not fit.
 *
 * <pre>{@code
 * OpCheck.of(new Gelu(), Shape.of(3, 5)).check();
 * }</pre>
 *
 * @param op the operation
 * @param shapes of its inputs
 * @param low smallest input value
 * @param high largest input value
 * @param terms how many products a value of the result sums up: scales the rounding that is allowed
 * @param smooth whether finite differences make sense at random inputs
 * @param differentiable how many inputs, from the first, have gradients; -1 for all
 * @param bad inputs that must be refused
 */
public record OpCheck(
    Op op,
    List<Shape> shapes,
    double low,
    double high,
    int terms,
    boolean smooth,
    int differentiable,
    List<Bad> bad) {
  /** No multiple of a vector's lanes. */
  private static final int MARGIN = 5;

  /** Inputs that the operation must refuse with a message that contains a text. */
  public record Bad(List<Shape> shapes, String message) {}

  public OpCheck {
    shapes = List.copyOf(shapes);
    bad = List.copyOf(bad);
  }

  public static OpCheck of(Op op, Shape... shapes) {
    return new OpCheck(op, List.of(shapes), -1.5, 1.5, 1, true, -1, List.of());
  }

  /** Inputs between these values. */
  public OpCheck values(double newLow, double newHigh) {
    return new OpCheck(op, shapes, newLow, newHigh, terms, smooth, differentiable, bad);
  }

  /** A value of the result sums up about this many products. */
  public OpCheck sums(int newTerms) {
    return new OpCheck(op, shapes, low, high, newTerms, smooth, differentiable, bad);
  }

  /** Has kinks or jumps, so that finite differences are not taken. */
  public OpCheck notSmooth() {
    return new OpCheck(op, shapes, low, high, terms, false, differentiable, bad);
  }

  /** Only the first {@code count} inputs have gradients. */
  public OpCheck gradients(int count) {
    return new OpCheck(op, shapes, low, high, terms, smooth, count, bad);
  }

  /** Has no gradient. */
  public OpCheck noGradient() {
    return gradients(0);
  }

  /** Must refuse inputs of these shapes with a message that contains {@code message}. */
  public OpCheck refuses(String message, Shape... badShapes) {
    List<Bad> all = new ArrayList<>(bad);
    all.add(new Bad(List.of(badShapes), message));
    return new OpCheck(op, shapes, low, high, terms, smooth, differentiable, all);
  }

  /** Random inputs; the same for the same declaration. */
  public List<Tensor> inputs(Backend backend) {
    List<Tensor> inputs = new ArrayList<>();
    Rng rng = Rng.of(42).split(op.name());
    for (Shape shape : shapes) {
      inputs.add(rng.uniform(shape, low, high).to(backend));
    }
    return inputs;
  }

  /**
   * Runs every check.
   *
   * @throws AssertionError naming the operation, the check and the worst value
   */
  public void check() {
    checkBackends();
    checkDefinition();
    checkMemory();
    checkGradient();
    checkStatedGradient();
    checkRefusals();
  }

  /** The fast backend gives what the reference backend gives. */
  public void checkBackends() {
    try (Grad.Mode mode = Grad.off()) {
      Tensor fast = Tensor.run(op, inputs(Backends.cpu()));
      Tensor reference = Tensor.run(op, inputs(Backends.reference()));
      compare("cpu and reference", fast, reference, uncancelled());
    }
  }

  /** The kernels give what the definition gives. */
  public void checkDefinition() {
    if (op instanceof Primitive) {
      return;
    }
    try (Grad.Mode mode = Grad.off()) {
      compare(
          "cpu kernel and definition",
          Tensor.run(op, inputs(Backends.cpu())),
          op.define(inputs(Backends.reference())),
          uncancelled());
    }
  }

  /**
   * The kernel of the fast backend, if it has one, reads its inputs where they lie in their memory,
   * leaves that as it is, and writes every value of its output.
   */
  public void checkMemory() {
    try (Grad.Mode mode = Grad.off()) {
      List<Tensor> plain = inputs(Backends.cpu());
      List<Tensor> memories = plain.stream().map(OpCheck::withMargins).toList();
      List<float[]> before = memories.stream().map(Tensor::toArray).toList();
      List<Tensor> views = new ArrayList<>();
      for (int i = 0; i < plain.size(); i++) {
        views.add(memories.get(i).slice(0, MARGIN, plain.get(i).size()).reshape(shapes.get(i)));
      }
      if (!(Backends.cpu().support(op, views) instanceof Support.Native fast)) {
        return;
      }
      Tensor output = Tensor.full(op.shape(shapes), Double.NaN).to(Backends.cpu());
      fast.kernel().run(views, output);
      compare("views and whole tensors as inputs", output, Tensor.run(op, plain), uncancelled());
      for (int i = 0; i < plain.size(); i++) {
        if (!Arrays.equals(memories.get(i).toArray(), before.get(i))) {
          throw new AssertionError(op.name() + ": the kernel wrote to the memory of input " + i);
        }
      }
    }
  }

  /** The values of a tensor with NaN before and behind them. */
  private static Tensor withMargins(Tensor tensor) {
    Tensor margin = Tensor.full(Shape.of(MARGIN), Double.NaN).to(tensor.backend());
    return Tensor.concat(0, margin, tensor.reshape(tensor.size()), margin);
  }

  /**
   * The gradients agree with finite differences on the reference backend, and with it on the fast
   * one.
   */
  public void checkGradient() {
    int count = differentiable < 0 ? shapes.size() : differentiable;
    if (count == 0) {
      return;
    }
    if (smooth) {
      List<Tensor> inputs = inputs(Backends.reference());
      List<Tensor> fixed = inputs.subList(count, inputs.size());
      GradCheck.check(
          op.name(),
          leading -> {
            List<Tensor> all = new ArrayList<>(leading);
            all.addAll(fixed);
            return Tensor.run(op, all);
          },
          inputs.subList(0, count).toArray(Tensor[]::new));
    }
    List<Tensor> fast = gradients(inputs(Backends.cpu()), count);
    List<Tensor> reference = gradients(inputs(Backends.reference()), count);
    List<Tensor> uncancelled = uncancelledGradients(count);
    for (int i = 0; i < count; i++) {
      compare(
          "gradient of input " + i + ", cpu and reference",
          fast.get(i),
          reference.get(i),
          uncancelled.get(i));
    }
  }

  /**
   * The gradient that the operation states is that of its definition. Asked of the operation
   * itself, since one that has no kernel runs as its definition and leaves the gradient of that.
   */
  public void checkStatedGradient() {
    int count = differentiable < 0 ? shapes.size() : differentiable;
    if (op instanceof Primitive || count == 0) {
      return;
    }
    List<Tensor> inputs = inputs(Backends.reference());
    inputs.subList(0, count).forEach(input -> input.requireGrad(true));
    Tensor y = op.define(inputs);
    Tensor dy = outputGradient(y);
    y.backward(dy);
    List<Tensor> uncancelled = uncancelledGradients(count);
    List<Tensor> stated;
    try (Grad.Mode mode = Grad.off()) {
      stated = op.gradient(inputs, y.detach(), dy);
    }
    for (int i = 0; i < count; i++) {
      Tensor defined = inputs.get(i).grad();
      if (stated.get(i) == null || defined == null) {
        throw new AssertionError(
            op.name()
                + ": no gradient of input "
                + i
                + (stated.get(i) == null ? " is stated" : " comes from the definition"));
      }
      compareStated(i, stated.get(i), defined, uncancelled.get(i));
    }
  }

  private void compareStated(int input, Tensor stated, Tensor defined, Tensor uncancelled) {
    float[] a = stated.toArray();
    float[] b = defined.toArray();
    double largest = 0;
    for (float v : b) {
      largest = Math.max(largest, Math.abs(v));
    }
    // A definition rounds to float32 after every step; a dozen steps of a sum of these terms.
    double[] tolerances = tolerances(largest + 1e-3, uncancelled, a.length);
    for (int i = 0; i < a.length; i++) {
      double tolerance = 12 * 0.5 * tolerances[i];
      if (!(Math.abs((double) a[i] - b[i]) <= tolerance)) {
        throw new AssertionError(
            op.name()
                + ": gradient of input "
                + input
                + " at "
                + i
                + ": stated "
                + a[i]
                + ", of the definition "
                + b[i]
                + " (tolerance "
                + tolerance
                + ")");
      }
    }
  }

  private List<Tensor> gradients(List<Tensor> inputs, int count) {
    return gradients(inputs, count, false);
  }

  private List<Tensor> gradients(List<Tensor> inputs, int count, boolean absolute) {
    inputs.subList(0, count).forEach(input -> input.requireGrad(true));
    Tensor y = Tensor.run(op, inputs);
    Tensor dy = outputGradient(y);
    y.backward(absolute ? dy.abs() : dy);
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (inputs.get(i).grad() == null) {
        throw new AssertionError(
            op.name() + ": input " + i + " got no gradient on " + y.backend().name());
      }
      gradients.add(inputs.get(i).grad());
    }
    return gradients;
  }

  private static Tensor outputGradient(Tensor y) {
    return Rng.of(7).uniform(y.shape(), -1, 1).to(y.backend());
  }

  /**
   * What values would be if nothing in their sums cancelled: those of the inputs' absolute values.
   * Null where a value sums up one term only.
   */
  private Tensor uncancelled() {
    return terms == 1 ? null : Tensor.run(op, absoluteInputs());
  }

  /** {@link #uncancelled} of the gradients. */
  private List<Tensor> uncancelledGradients(int count) {
    return terms == 1 ? Collections.nCopies(count, null) : gradients(absoluteInputs(), count, true);
  }

  private List<Tensor> absoluteInputs() {
    return inputs(Backends.reference()).stream().map(input -> input.abs().detach()).toList();
  }

  /** Inputs that do not fit are refused with the message expected. */
  public void checkRefusals() {
    for (Bad refused : bad) {
      List<Tensor> inputs = refused.shapes().stream().map(shape -> Tensor.full(shape, 1)).toList();
      try {
        Tensor.run(op, inputs);
      } catch (TensorException e) {
        if (!e.getMessage().contains(refused.message())) {
          throw new AssertionError(
              op.name()
                  + " refused "
                  + refused.shapes()
                  + " with \""
                  + e.getMessage()
                  + "\" (expected to contain: "
                  + refused.message()
                  + ")",
              e);
        }
        continue;
      }
      throw new AssertionError(
          op.name()
              + ": accepted "
              + refused.shapes()
              + " (expected: an error with \""
              + refused.message()
              + "\")");
    }
  }

  /**
   * How far values may differ: by {@code (8 + 2 sqrt(terms)) ulp} of the largest, twice what a
   * plain float32 loop over that many terms does by the usual random-walk estimate of rounding.
   * Where sums cancel, all of them may be small, but what was rounded on the way was not: a random
   * walk of terms whose magnitudes sum up to m is about {@code m / sqrt(terms)} long, and this
   * counts if it is more than the largest.
   */
  private double[] tolerances(double largest, Tensor uncancelled, int size) {
    double[] tolerances = new double[size];
    float[] magnitudes = uncancelled == null ? null : uncancelled.toArray();
    for (int i = 0; i < size; i++) {
      double walk = magnitudes == null ? 0 : Math.abs(magnitudes[i]) / Math.sqrt(terms);
      double scale = Double.isFinite(walk) ? Math.max(largest, walk) : largest;
      tolerances[i] = (8 + 2 * Math.sqrt(terms)) * 0x1p-23 * scale;
    }
    return tolerances;
  }

  private void compare(String what, Tensor actual, Tensor expected, Tensor uncancelled) {
    if (!actual.shape().equals(expected.shape())) {
      throw new AssertionError(
          op.name()
              + ": "
              + what
              + " differ in shape: "
              + actual.shape()
              + ", "
              + expected.shape());
    }
    float[] a = actual.toArray();
    float[] b = expected.toArray();
    double largest = 1e-6;
    for (float v : b) {
      if (Float.isFinite(v)) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    double[] tolerances = tolerances(largest, uncancelled, a.length);
    for (int i = 0; i < a.length; i++) {
      double tolerance = tolerances[i];
      if (Math.abs((double) a[i] - b[i]) > tolerance || Float.isNaN(a[i]) != Float.isNaN(b[i])) {
        throw new AssertionError(
            op.name()
                + ": "
                + what
                + " differ at "
                + i
                + ": "
                + a[i]
                + ", "
                + b[i]
                + " (tolerance "
                + tolerance
                + ")");
      }
    }
  }
}
