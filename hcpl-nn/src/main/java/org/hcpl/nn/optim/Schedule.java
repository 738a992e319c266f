package org.hcpl.nn.optim;

import org.hcpl.tensor.TensorException;

/**
 * A learning rate as a function of time alone, in epochs or steps as the caller counts them;
 * without state, so a run that goes on later needs nothing but the time.
 */
@FunctionalInterface
public interface Schedule {
  /** The rate at a time from 0 on. */
  double at(double time);

  /** The same rate always. */
  static Schedule constant(double rate) {
    return time -> rate;
  }

  /**
   * {@code min + (rate - min) * (1 + cos(pi t / period)) / 2} (Loshchilov and Hutter 2017), which
   * rises again after the period, as PyTorch's closed form does.
   */
  static Schedule cosine(double rate, double period, double min) {
    positive("cosine", period);
    return time -> min + (rate - min) * (1 + Math.cos(Math.PI * time / period)) / 2;
  }

  /**
   * Cosine annealing that starts again at the full rate after each period; periods grow by a
   * factor.
   *
   * @param growth 1 or more
   */
  static Schedule cosineRestarts(double rate, double firstPeriod, double growth, double min) {
    positive("cosineRestarts", firstPeriod);
    if (!(growth >= 1)) {
      throw new TensorException("cosineRestarts: growth " + growth + " (expected: >= 1)");
    }
    return time -> {
      double period = firstPeriod;
      double left = time;
      if (growth == 1) {
        left = time % period;
      } else {
        while (left >= period) {
          left -= period;
          period *= growth;
        }
      }
      return min + (rate - min) * (1 + Math.cos(Math.PI * left / period)) / 2;
    };
  }

  /** The rate times {@code factor} after every {@code every} units of time. */
  static Schedule step(double rate, double every, double factor) {
    positive("step", every);
    return time -> rate * Math.pow(factor, Math.floor(time / every));
  }

  /**
   * This schedule after a linear rise: from {@code start} at time 0 to this schedule's first rate
   * at {@code duration}, where this schedule's own time begins.
   */
  default Schedule warmUp(double duration, double start) {
    positive("warmUp", duration);
    double first = at(0);
    return time ->
        time < duration ? start + (first - start) * time / duration : at(time - duration);
  }

  private static void positive(String name, double duration) {
    if (!(duration > 0)) {
      throw new TensorException(name + ": duration " + duration + " (expected: > 0)");
    }
  }
}
