package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.cpu.vector.VectorWeibull;
import org.hcpl.tensor.spi.Span;

/**
 * CPU kernels of {@link WeibullActivation} and {@link WeibullGradient}: over rows of features on
 * all cores, by the Vector API in float32 where it is there, else in double.
 */
final class WeibullKernels {
  /** Row length where all features share their parameters. */
  private static final int SHARED_ROW = 1024;

  /** Features that are worth a thread. */
  private static final int GRAIN = 1 << 12;

  private static final int SUMS = 4;

  private WeibullKernels() {}

  /** Kernel of the activation: inputs R, lambda, zeta, gamma, eta. */
  static void forward(Span[] in, Span out) {
    Parameters p = new Parameters(in);
    Span r = in[0];
    float[] from = r.array();
    float[] to = out.array();
    p.forRows(
        r.size(),
        p.chunks(r.size()),
        (chunk, start, length) -> {
          if (p.vector != null) {
            VectorWeibull.forward(
                p.vector, from, r.offset() + start, to, out.offset() + start, length);
            return;
          }
          for (int i = 0; i < length; i++) {
            float value = from[r.offset() + start + i];
            to[out.offset() + start + i] = isOff(value) ? 0 : (float) p.value(i, Math.log(value));
          }
        });
  }

  /** Kernel of the gradient: inputs R, lambda, zeta, gamma, eta, dT. */
  static void gradient(Span[] in, Span out) {
    Parameters p = new Parameters(in);
    Span r = in[0];
    Span dy = in[5];
    int size = r.size();
    // Partial sums a chunk, added in the order of chunks below: the same bits on every run.
    int chunks = p.chunks(size);
    double[][][] partial = new double[chunks][SUMS][p.width];
    p.forRows(
        size,
        chunks,
        (chunk, start, length) -> {
          if (p.vector != null) {
            vectorRow(p, r, dy, out, start, length, partial[chunk]);
          } else {
            plainRow(p, r, dy, out, start, length, partial[chunk]);
          }
        });
    double[][] sums = new double[SUMS][p.channels];
    for (double[][] chunk : partial) {
      for (int s = 0; s < SUMS; s++) {
        for (int i = 0; i < p.width; i++) {
          sums[s][p.channels == 1 ? 0 : i] += chunk[s][i];
        }
      }
    }
    for (int c = 0; c < p.channels; c++) {
      out.set(size + c, (float) (-sums[0][c] * p.power[c] / p.lambda[c]));
      out.set(size + p.channels + c, (float) sums[1][c]);
      out.set(size + 2 * p.channels + c, (float) (sums[2][c] * p.eta[c] / p.gamma[c]));
      out.set(size + 3 * p.channels + c, (float) -sums[3][c]);
    }
  }

  /** Whether a feature gives 0 without a gradient. NaN does not: it comes out as NaN. */
  private static boolean isOff(float value) {
    return value <= 0 || value == Float.POSITIVE_INFINITY;
  }

  private static void vectorRow(
      Parameters p, Span r, Span dy, Span out, int start, int length, double[][] sums) {
    float[][] row = new float[SUMS][length];
    VectorWeibull.gradient(
        p.vector,
        r.array(),
        r.offset() + start,
        dy.array(),
        dy.offset() + start,
        (float) WeibullActivation.SLOPE_FLOOR,
        out.array(),
        out.offset() + start,
        row,
        length);
    for (int s = 0; s < SUMS; s++) {
      for (int i = 0; i < length; i++) {
        sums[s][i] += row[s][i];
      }
    }
  }

  private static void plainRow(
      Parameters p, Span r, Span dy, Span out, int start, int length, double[][] sums) {
    for (int i = 0; i < length; i++) {
      float value = r.get(start + i);
      if (isOff(value)) {
        out.set(start + i, 0);
        continue;
      }
      double logR = Math.log(value);
      double a = logR - p.logLambda[i];
      double b = p.decay(i, logR);
      double weighted = dy.get(start + i) * p.value(i, logR);
      // exp(-b) is 0 long before b overflows, and 0 * infinity would be NaN.
      double weightedB = weighted == 0 ? 0 : weighted * b;
      double slope = weighted * p.power[i] - weightedB * p.eta[i];
      out.set(start + i, (float) (slope / Math.max(value, WeibullActivation.SLOPE_FLOOR)));
      sums[0][i] += weighted;
      sums[1][i] += weighted * a;
      sums[2][i] += weightedB;
      sums[3][i] += weightedB * (logR - p.logGamma[i]);
    }
  }

  /** What is done with {@code length} features from {@code start} on, a row or the rest of one. */
  @FunctionalInterface
  private interface RowBody {
    void run(int chunk, int start, int length);
  }

  /** The parameters of each place of a row, with what a feature does not change precomputed. */
  private static final class Parameters {
    final int channels;
    final int width;
    final double[] lambda;
    final double[] gamma;
    final double[] power;
    final double[] eta;
    final double[] logLambda;
    final double[] logGamma;
    final VectorWeibull.Parameters vector;

    Parameters(Span[] in) {
      channels =
          ChannelParameters.channels(
              in[0].shape(), List.of(in[1].shape(), in[2].shape(), in[3].shape(), in[4].shape()));
      width = channels == 1 ? Math.clamp(in[0].size(), 1, SHARED_ROW) : channels;
      lambda = ChannelParameters.perChannel(in[1], width);
      power = ChannelParameters.perChannel(in[2], width);
      gamma = ChannelParameters.perChannel(in[3], width);
      eta = ChannelParameters.perChannel(in[4], width);
      logLambda = new double[width];
      logGamma = new double[width];
      for (int i = 0; i < width; i++) {
        power[i] -= 1;
        logLambda[i] = Math.log(lambda[i]);
        logGamma[i] = Math.log(gamma[i]);
      }
      vector =
          VectorSupport.available()
              ? new VectorWeibull.Parameters(
                  floats(power), floats(logLambda), floats(eta), floats(logGamma))
              : null;
    }

    /** {@code (R / gamma)^eta}. */
    double decay(int i, double logR) {
      return Math.exp(eta[i] * (logR - logGamma[i]));
    }

    double value(int i, double logR) {
      return Math.exp(power[i] * (logR - logLambda[i]) - decay(i, logR));
    }

    void forRows(int size, int chunks, RowBody body) {
      Parallel.forParts(
          rows(size),
          chunks,
          (chunk, from, to) -> {
            for (int row = from; row < to; row++) {
              int start = row * width;
              body.run(chunk, start, Math.min(width, size - start));
            }
          });
    }

    int chunks(int size) {
      return Parallel.chunks(rows(size), grain());
    }

    private int rows(int size) {
      return size == 0 ? 0 : (size - 1) / width + 1;
    }

    private int grain() {
      return Math.max(1, GRAIN / Math.max(1, width));
    }

    private static float[] floats(double[] values) {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }
}
