package org.hcpl.nn.optim;

import org.hcpl.tensor.TensorException;

/**
 * Lowers the learning rate when a measure stops improving, by PyTorch's rules: after more than
 * {@code patience} epochs in a row without improvement the rate is multiplied by {@code factor},
 * down to {@code min}; then {@code cooldown} epochs count nothing.
 */
public final class Plateau {
  /**
   * What can be set.
   *
   * @param maximise whether larger is better
   * @param factor of the rate, each time
   * @param patience epochs in a row that may pass without improvement
   * @param threshold relative: an improvement is more than this share of the best value
   * @param cooldown epochs after a change that count nothing
   * @param min the least rate
   */
  public record Options(
      boolean maximise, double factor, int patience, double threshold, int cooldown, double min) {
    /** Smaller is better, factor 0.1, patience 10, threshold 1e-4: PyTorch's defaults. */
    public static final Options DEFAULT = new Options(false, 0.1, 10, 1e-4, 0, 0);

    public Options {
      if (!(factor > 0 && factor < 1)
          || patience < 0
          || !(threshold >= 0)
          || cooldown < 0
          || !(min >= 0)) {
        throw new TensorException(
            "plateau: factor "
                + factor
                + ", patience "
                + patience
                + ", threshold "
                + threshold
                + ", cooldown "
                + cooldown
                + ", min "
                + min
                + " (expected: 0 < factor < 1, the others >= 0)");
      }
    }

    public Options maximise(boolean on) {
      return new Options(on, factor, patience, threshold, cooldown, min);
    }

    public Options factor(double value) {
      return new Options(maximise, value, patience, threshold, cooldown, min);
    }

    public Options patience(int epochs) {
      return new Options(maximise, factor, epochs, threshold, cooldown, min);
    }

    public Options threshold(double value) {
      return new Options(maximise, factor, patience, value, cooldown, min);
    }

    public Options cooldown(int epochs) {
      return new Options(maximise, factor, patience, threshold, epochs, min);
    }

    public Options min(double rate) {
      return new Options(maximise, factor, patience, threshold, cooldown, rate);
    }
  }

  /**
   * Everything that a run needs to go on.
   *
   * @param best the best measure so far; infinite before the first
   * @param bad epochs in a row without improvement
   * @param cooling epochs of cooldown left
   */
  public record State(double rate, double best, int bad, int cooling) {}

  private final Options options;
  private State state;

  /** Begins with a rate, before the first epoch. */
  public Plateau(double learningRate, Options options) {
    if (!(learningRate >= 0)) {
      throw new TensorException("plateau: learning rate " + learningRate + " (expected: >= 0)");
    }
    this.options = options;
    double worst = options.maximise() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    this.state = new State(learningRate, worst, 0, 0);
  }

  /** The rate for the next epoch. */
  public double rate() {
    return state.rate();
  }

  /** All that {@link #resume} needs. */
  public State state() {
    return state;
  }

  /** Goes on from what {@link #state()} gave. */
  public void resume(State saved) {
    state = saved;
  }

  /** Takes the measure of an epoch; returns the rate for the next one. */
  public double observe(double measure) {
    boolean better = better(measure);
    double best = better ? measure : state.best();
    int bad = better ? 0 : state.bad() + 1;
    int cooling = state.cooling();
    double rate = state.rate();
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > options.patience()) {
      // A rate that began below the least one stays: it is never raised.
      rate = Math.min(rate, Math.max(rate * options.factor(), options.min()));
      cooling = options.cooldown();
      bad = 0;
    }
    state = new State(rate, best, bad, cooling);
    return rate;
  }

  private boolean better(double measure) {
    if (Double.isInfinite(state.best())) {
      // Of which no share can be taken.
      return options.maximise() ? measure > state.best() : measure < state.best();
    }
    return options.maximise()
        ? measure > state.best() * (1 + options.threshold())
        : measure < state.best() * (1 - options.threshold());
  }
}
