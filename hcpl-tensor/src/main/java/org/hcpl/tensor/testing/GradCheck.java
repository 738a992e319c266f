package org.hcpl.tensor.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Tensor;

/**
 * Compares gradients with finite differences.
 *
 * <p>For a random cotangent w the gradient of {@code sum(w * f(x))} is compared, entry by entry,
 * with Richardson's extrapolation of central differences at steps h and h/2. The sum is taken in
 * double precision on the host, so that the only rounding is that of f's own float32 results; the
 * tolerance follows from it: {@code 4 ulp * sum(|w * f|) / h} for the rounding and {@code relative
 * * max |gradient|} for what the extrapolation leaves.
 *
 * <pre>{@code
 * GradCheck.check("silu", in -> in.get(0).silu(), x);
 * }</pre>
 */
public final class GradCheck {
  private static final double STEP = 0x1p-5;
  private static final double RELATIVE = 2e-3;
  private static final int MAX_ENTRIES = 200;

  private GradCheck() {}

  /** The worst entry of one input. */
  public record Result(int input, int entry, double analytic, double numeric, double tolerance) {
    public boolean passed() {
      return Math.abs(analytic - numeric) <= tolerance;
    }

    @Override
    public String toString() {
      return "input "
          + input
          + ", entry "
          + entry
          + ": gradient "
          + analytic
          + ", finite difference "
          + numeric
          + " (tolerance "
          + tolerance
          + ")";
    }
  }

  /**
   * Fails if a gradient is wrong or missing.
   *
   * @param name for the message
   * @param f differentiable, and smooth within 1/32 of the inputs' values
   * @param inputs values at which to check; gradients of all of them are checked
   * @throws AssertionError with the worst entry
   */
  public static void check(String name, Function<List<Tensor>, Tensor> f, Tensor... inputs) {
    for (Result result : run(f, List.of(inputs))) {
      if (!result.passed()) {
        throw new AssertionError(name + ": " + result);
      }
    }
  }

  /** The worst entry of every input. */
  public static List<Result> run(Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    List<Tensor> leaves = new ArrayList<>();
    for (Tensor input : inputs) {
      leaves.add(Tensor.of(input.toArray(), input.shape()).to(input.backend()).requireGrad(true));
    }
    Tensor y = f.apply(leaves);
    Tensor w = Rng.of(12345).uniform(y.shape(), -1, 1).to(y.backend());
    float[] weights = w.toArray();
    y.backward(w);
    double magnitude = 0;
    float[] values = y.toArray();
    for (int i = 0; i < values.length; i++) {
      magnitude += Math.abs(weights[i] * values[i]);
    }
    double rounding = 4 * 0x1p-24 * magnitude / STEP;
    List<Result> results = new ArrayList<>();
    for (int k = 0; k < leaves.size(); k++) {
      if (leaves.get(k).grad() == null) {
        throw new AssertionError("input " + k + " of " + leaves.size() + " got no gradient");
      }
      results.add(worst(f, leaves, k, weights, rounding));
    }
    return results;
  }

  private static Result worst(
      Function<List<Tensor>, Tensor> f,
      List<Tensor> leaves,
      int k,
      float[] weights,
      double rounding) {
    float[] gradient = leaves.get(k).grad().toArray();
    double scale = 0;
    for (float g : gradient) {
      scale = Math.max(scale, Math.abs(g));
    }
    double tolerance = rounding + RELATIVE * scale + 1e-6;
    Result worst = new Result(k, -1, 0, 0, tolerance);
    int stride = Math.max(1, gradient.length / MAX_ENTRIES);
    for (int entry = 0; entry < gradient.length; entry += stride) {
      double coarse = difference(f, leaves, k, entry, weights, STEP);
      double fine = difference(f, leaves, k, entry, weights, STEP / 2);
      double numeric = (4 * fine - coarse) / 3;
      if (!(Math.abs(gradient[entry] - numeric) <= Math.abs(worst.analytic() - worst.numeric()))) {
        worst = new Result(k, entry, gradient[entry], numeric, tolerance);
      }
    }
    return worst;
  }

  private static double difference(
      Function<List<Tensor>, Tensor> f,
      List<Tensor> leaves,
      int k,
      int entry,
      float[] weights,
      double h) {
    float[] values = leaves.get(k).toArray();
    float at = values[entry];
    float above = (float) (at + h);
    float below = (float) (at - h);
    double difference =
        evaluate(f, leaves, k, entry, above, values, weights)
            - evaluate(f, leaves, k, entry, below, values, weights);
    values[entry] = at;
    return difference / ((double) above - below);
  }

  private static double evaluate(
      Function<List<Tensor>, Tensor> f,
      List<Tensor> leaves,
      int k,
      int entry,
      float value,
      float[] values,
      float[] weights) {
    values[entry] = value;
    List<Tensor> moved = new ArrayList<>(leaves);
    moved.set(k, Tensor.of(values, leaves.get(k).shape()).to(leaves.get(k).backend()));
    float[] y;
    try (Grad.Mode mode = Grad.off()) {
      y = f.apply(moved).toArray();
    }
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (double) weights[i] * y[i];
    }
    return sum;
  }
}
