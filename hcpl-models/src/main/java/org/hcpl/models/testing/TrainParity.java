package org.hcpl.models.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hcpl.models.ModelException;
import org.hcpl.models.testing.ParityReport.Measure;
import org.hcpl.nn.BatchNorm2d;
import org.hcpl.nn.Layout;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.GoldenModel;
import org.hcpl.tensor.testing.GoldenTrain;

/**
 * Compares a filled network with a reference training step: loss, gradients, running statistics,
 * and three steps of gradient descent.
 *
 * <p>The references are float64. Their own {@code conditioning} says that a relative change of the
 * input by 1e-12 changes losses and logits by about as much, so float32's 6e-8 a rounding,
 * accumulated over a few hundred layers forwards and backwards, leaves 1e-5 on a loss; gradients go
 * through twice the depth and through batch norms of 16 values a channel, which subtract what is
 * nearly equal, hence a hundred times that. Wrong definitions are off by percents.
 *
 * <p>A rounding that carries a value over the kink of a ReLU changes gradients by a jump, which the
 * reference's tiny change of the input does not see: an input with the last bit of its float32
 * values changed at random moved DenseNet-121's third loss by up to 5e-4 of itself and single
 * gradients by 1e-3. Networks with ReLU get a tolerance ten times that on what follows a gradient.
 *
 * <p>Split attention normalises one value an image over a batch of four, and the reference's own
 * gradients change there by 1e4 times what its input does: five times the tolerance for those.
 */
final class TrainParity {
  private static final double LOSS_TOLERANCE = 1e-5;
  private static final double STATISTICS_TOLERANCE = 1e-5;
  private static final double GRADIENT_TOLERANCE = 1e-3;
  private static final double KINKED_LOSS_TOLERANCE = 5e-3;
  private static final double KINKED_GRADIENT_TOLERANCE = 1e-2;
  private static final double SPLIT_ATTENTION = 5;

  /** Gradients with less than this share of the global norm are compared with the share itself. */
  private static final double SMALL_GRADIENT = 1e-4;

  private static final int STEPS = 3;

  private final Module network;
  private final GoldenTrain golden;
  private final Tensor target;
  private final double logitTolerance;
  private final double gradientTolerance;
  private final double descentTolerance;

  private TrainParity(Module network, GoldenTrain golden, GoldenModel architecture) {
    this.network = network;
    this.golden = golden;
    boolean kinks = architecture.modules().stream().anyMatch(m -> m.type().equals("ReLU"));
    boolean split = architecture.modules().stream().anyMatch(m -> m.type().equals("SplitAttn"));
    double factor = split ? SPLIT_ATTENTION : 1;
    this.logitTolerance = factor * LOSS_TOLERANCE * 10;
    this.gradientTolerance = factor * (kinks ? KINKED_GRADIENT_TOLERANCE : GRADIENT_TOLERANCE);
    this.descentTolerance = kinks ? KINKED_LOSS_TOLERANCE : LOSS_TOLERANCE;
    this.target = Tensor.of(golden.targets(), golden.target().shape());
  }

  static List<Measure> run(Module network, GoldenTrain golden, GoldenModel architecture) {
    return new TrainParity(network, golden, architecture).run();
  }

  private List<Measure> run() {
    List<Measure> measures = new ArrayList<>();
    network.train();
    Tensor input = EvalParity.nhwc(golden.input()).requireGrad(true);
    double[] losses = new double[STEPS + 1];
    try (Scope scope = Scope.open()) {
      Tensor logits = network.apply(input);
      measures.add(
          new Measure("logits", EvalParity.largest(logits, golden.logits()), logitTolerance, ""));
      losses[0] = descend(logits);
      measures.add(gradients(input));
      measures.add(statistics());
      update();
    }
    Tensor images = input.detach();
    for (int step = 1; step <= STEPS; step++) {
      try (Scope scope = Scope.open()) {
        network.clearGrads();
        losses[step] = descend(network.apply(images));
        if (step < STEPS) {
          update();
        }
      }
    }
    measures.add(losses(losses));
    network.eval();
    try (Grad.Mode mode = Grad.off()) {
      double error = EvalParity.largest(network.apply(images), golden.logitsAfter());
      measures.add(new Measure("logits after descent", error, descentTolerance * 10, ""));
    }
    return measures;
  }

  /** Mean binary cross-entropy with logits, in the form that does not overflow. */
  private double descend(Tensor logits) {
    Tensor loss = logits.softplus().sub(logits.mul(target)).mean();
    loss.backward();
    return loss.item();
  }

  private void update() {
    for (Parameter parameter : network.parameters()) {
      parameter.set(parameter.value().detach().sub(parameter.grad().mul(golden.learningRate())));
    }
  }

  private Measure losses(double[] losses) {
    double worst = 0;
    int step = 0;
    for (int i = 0; i < losses.length; i++) {
      double error = Math.abs(losses[i] - golden.losses()[i]) / Math.abs(golden.losses()[i]);
      if (!(error <= worst)) {
        worst = error;
        step = i;
      }
    }
    return new Measure(losses.length + " losses", worst, descentTolerance, "step " + step);
  }

  private Measure gradients(Tensor input) {
    Map<String, Parameter> parameters = network.namedParameters();
    Set<String> zero = new HashSet<>(golden.zeroGradients());
    double worst = 0;
    String where = "";
    List<GoldenTrain.GradSample> samples = new ArrayList<>(golden.grads());
    samples.add(golden.inputGrad());
    for (GoldenTrain.GradSample sample : samples) {
      float[] values;
      if (sample == golden.inputGrad()) {
        values = input.grad().toNchw().toArray();
      } else {
        Parameter parameter = parameters.get(sample.name());
        if (parameter == null || parameter.grad() == null) {
          throw new ModelException("no gradient for " + sample.name());
        }
        values = onDisk(parameter);
      }
      double error =
          zero.contains(sample.name())
              ? norm(values) / smallest() * gradientTolerance
              : error(sample, values);
      if (!(error <= worst)) {
        worst = error;
        where = sample.name();
      }
    }
    return new Measure(samples.size() + " gradients", worst, gradientTolerance, where);
  }

  private static float[] onDisk(Parameter parameter) {
    Shape shape = parameter.shape();
    return parameter.layout() == Layout.PLAIN
        ? parameter.grad().toArray()
        : parameter.layout().toDisk(parameter.grad().toArray(), shape);
  }

  private double smallest() {
    return SMALL_GRADIENT * golden.gradGlobalNorm();
  }

  /** Relative to the gradient's norm: the norm's error, and that of the samples. */
  private double error(GoldenTrain.GradSample sample, float[] values) {
    double scale = Math.max(sample.l2(), smallest());
    double error = Math.abs(norm(values) - sample.l2()) / scale;
    for (int i = 0; i < sample.indices().length; i++) {
      error = Math.max(error, Math.abs(values[sample.indices()[i]] - sample.values()[i]) / scale);
    }
    return error;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private Measure statistics() {
    Map<String, Module> modules = network.modules();
    double worst = 0;
    String where = "";
    for (GoldenTrain.BatchNormSample sample : golden.batchNorms()) {
      if (!(modules.get(sample.name()) instanceof BatchNorm2d norm)) {
        throw new ModelException("no batch norm " + sample.name());
      }
      float[] means = norm.runningMean().toArray();
      float[] variances = norm.runningVariance().toArray();
      double error =
          Math.max(
              relative(norm(means), sample.l2Mean()), relative(norm(variances), sample.l2Var()));
      for (int i = 0; i < sample.channels().length; i++) {
        int channel = sample.channels()[i];
        error = Math.max(error, relative(means[channel], sample.means()[i]));
        error = Math.max(error, relative(variances[channel], sample.vars()[i]));
      }
      if (!(error <= worst)) {
        worst = error;
        where = sample.name();
      }
    }
    return new Measure(
        golden.batchNorms().size() + " running statistics", worst, STATISTICS_TOLERANCE, where);
  }

  private static double relative(double actual, double expected) {
    return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  }
}
