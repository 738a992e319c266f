package org.hcpl.nn;

import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.Unary;

/**
 * Batch normalisation over all but the last axis (Ioffe and Szegedy 2015), {@code [..., C]}:
 * parameters {@code weight}, {@code bias}, buffers {@code running_mean}, {@code running_var},
 * {@code num_batches_tracked}.
 *
 * <p>In training it normalises with the batch's mean and biased variance and moves the running
 * statistics towards them by {@code momentum}, the variance in its unbiased form, as PyTorch does;
 * in evaluation it normalises with the running statistics.
 */
public class BatchNorm2d extends Module {
  private static final String MEAN = "running_mean";
  private static final String VARIANCE = "running_var";
  private static final String COUNT = "num_batches_tracked";

  private final int channels;
  private final double eps;
  private final double momentum;
  private final Parameter weight;
  private final Parameter bias;

  /** PyTorch's defaults: eps 1e-5, momentum 0.1, with weight and bias. */
  public BatchNorm2d(int channels) {
    this(channels, 1e-5, 0.1);
  }

  public BatchNorm2d(int channels, double eps, double momentum) {
    this(channels, eps, momentum, true);
  }

  /**
   * @param momentum the share of a new batch in the running statistics
   * @param affine whether there are weight and bias
   */
  public BatchNorm2d(int channels, double eps, double momentum, boolean affine) {
    if (channels < 1 || !(eps > 0) || !(momentum >= 0 && momentum <= 1)) {
      throw new TensorException(
          "batchNorm: channels "
              + channels
              + ", eps "
              + eps
              + ", momentum "
              + momentum
              + " (expected: channels >= 1, eps > 0, momentum in 0..1)");
    }
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? parameter("weight", Layout.PLAIN, channels) : null;
    this.bias = affine ? parameter("bias", Layout.PLAIN, channels) : null;
    if (affine) {
      weight.fill(1);
    }
    buffer(MEAN, Tensor.zeros(channels));
    buffer(VARIANCE, Tensor.ones(channels));
    buffer(COUNT, Tensor.scalar(0));
  }

  /** The scale, or null. */
  public final Parameter weight() {
    return weight;
  }

  /** The shift, or null. */
  public final Parameter bias() {
    return bias;
  }

  public final Tensor runningMean() {
    return buffer(MEAN);
  }

  public final Tensor runningVariance() {
    return buffer(VARIANCE);
  }

  public final double eps() {
    return eps;
  }

  @Override
  protected void reset(Rng rng) {
    if (weight != null) {
      weight.fill(1);
      bias.fill(0);
    }
    runningMean().assign(Tensor.zeros(channels));
    runningVariance().assign(Tensor.ones(channels));
    buffer(COUNT).assign(Tensor.scalar(0));
  }

  @Override
  public Tensor forward(Tensor x) {
    return normalise(x, then());
  }

  /** The activation that follows, in the same pass over memory. */
  protected Unary then() {
    return new Identity();
  }

  /**
   * {@code apply(convolution.apply(x))}, {@code [N, H, W, in] -> [N, H', W', C]}. In evaluation
   * mode the two are one step, {@link org.hcpl.tensor.op.Conv2dBatchNorm}, unless gradients are
   * recorded or somebody observes the modules.
   *
   * @param convolution with C output channels
   */
  public final Tensor after(Conv2d convolution, Tensor x) {
    return inOneStep(convolution) ? after(convolution, x, null) : apply(convolution.apply(x));
  }

  /**
   * {@code apply(convolution.apply(excite.apply(x)))}; where {@link #after(Conv2d, Tensor)} is one
   * step, the multiplication is in it, too.
   */
  public final Tensor after(Conv2d convolution, SqueezeExcite excite, Tensor x) {
    return inOneStep(convolution)
        ? after(convolution, x, excite.gate(x))
        : apply(convolution.apply(excite.apply(x)));
  }

  private boolean inOneStep(Conv2d convolution) {
    return !isTraining() && !Grad.isOn() && !isObserved() && convolution.bias() == null;
  }

  private Tensor after(Conv2d convolution, Tensor x, Tensor gate) {
    try {
      return x.conv2dBatchNorm(
          convolution.weight().value(),
          convolution.options(),
          runningMean(),
          runningVariance(),
          weight == null ? null : weight.value(),
          bias == null ? null : bias.value(),
          eps,
          then(),
          gate);
    } catch (TensorException error) {
      throw convolution.at(error);
    }
  }

  private Tensor normalise(Tensor x, Unary then) {
    Tensor gamma = weight == null ? null : weight.value();
    Tensor beta = bias == null ? null : bias.value();
    if (!isTraining()) {
      return x.batchNorm(runningMean(), runningVariance(), gamma, beta, eps, then);
    }
    if (x.rank() == 0 || x.dim(-1) != channels) {
      // Before the running statistics take anything from it.
      throw new ShapeException(
          "batchNorm: input " + x.shape() + " (expected: [..., " + channels + "])");
    }
    int count = x.size() / channels;
    if (count < 2) {
      throw new TensorException(
          "batchNorm: training on "
              + x.shape()
              + " gives "
              + (count == 1 ? "one value" : "no value")
              + " a channel (expected: at least 2)\n"
              + "help: use a larger batch, or eval()");
    }
    Tensor moments;
    try (Grad.Mode mode = Grad.off()) {
      moments = x.detach().moments();
    }
    track(moments.toArray(), count);
    return x.batchNormTrain(moments, gamma, beta, eps, then);
  }

  private void track(float[] moments, int count) {
    float[] mean = runningMean().toArray();
    float[] variance = runningVariance().toArray();
    double unbiased = count / (count - 1.0);
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) (mean[c] + momentum * (moments[c] - mean[c]));
      variance[c] =
          (float) (variance[c] + momentum * (unbiased * moments[channels + c] - variance[c]));
    }
    runningMean().copyFrom(mean);
    runningVariance().copyFrom(variance);
    buffer(COUNT).copyFrom(new float[] {buffer(COUNT).item() + 1});
  }
}
