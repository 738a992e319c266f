package org.hcpl.nn.op;

import java.util.Arrays;
import java.util.List;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.cpu.vector.VectorPowerNorm;
import org.hcpl.tensor.spi.Span;

/**
 * CPU kernels of {@link PowerNormalisation} and {@link PowerGradient}: over rows of numbers on all
 * cores, by the Vector API in float32 where it is there, else in double.
 */
final class PowerKernels {
  /** Least row length: a row repeats channels, if few, and one parameter for all. */
  private static final int ROW = 1024;

  /** Numbers that are worth a thread. */
  private static final int GRAIN = 1 << 12;

  private PowerKernels() {}

  /** Kernel of the normalisation: inputs s, alpha, beta. */
  static void forward(Span[] in, Span out) {
    Rows rows = new Rows(in);
    Span s = in[0];
    rows.forChunks(
        rows.chunks(),
        (chunk, start, length) -> {
          if (rows.vector != null) {
            VectorPowerNorm.forward(
                rows.vector,
                s.array(),
                s.offset() + start,
                out.array(),
                out.offset() + start,
                length);
            return;
          }
          int c = 0;
          for (int i = start; i < start + length; i++) {
            float value = s.get(i);
            out.set(i, value <= 0 ? 0 : (float) (rows.alpha[c] * rows.power(c, Math.log(value))));
            c = rows.next(c);
          }
        });
  }

  /** Kernel of the gradient: inputs s, alpha, beta, dy. */
  static void gradient(Span[] in, Span out) {
    Rows rows = new Rows(in);
    Span s = in[0];
    Span dy = in[3];
    // Partial sums a chunk, added in the order of chunks below: the same bits on every run.
    int chunks = rows.chunks();
    double[][][] partial = new double[chunks][2][rows.width];
    rows.forChunks(
        chunks,
        (chunk, start, length) -> {
          double[] sum = partial[chunk][0];
          double[] logSum = partial[chunk][1];
          if (rows.vector != null) {
            VectorPowerNorm.gradient(
                rows.vector,
                s.array(),
                s.offset() + start,
                dy.array(),
                dy.offset() + start,
                PowerNormalisation.SLOPE_FLOOR,
                out.array(),
                out.offset() + start,
                sum,
                logSum,
                length);
          } else {
            plainGradient(rows, s, dy, out, start, length, sum, logSum);
          }
        });
    int channels = rows.channels;
    double[] dAlpha = new double[channels];
    double[] dBeta = new double[channels];
    for (double[][] chunk : partial) {
      for (int from = 0; from < rows.width; from += channels) {
        for (int c = 0; c < channels; c++) {
          dAlpha[c] += chunk[0][from + c];
          dBeta[c] += chunk[1][from + c];
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      out.set(s.size() + c, (float) dAlpha[c]);
      out.set(s.size() + channels + c, (float) (rows.alpha[c] * dBeta[c]));
    }
  }

  private static void plainGradient(
      Rows rows, Span s, Span dy, Span out, int start, int length, double[] sum, double[] logSum) {
    int c = 0;
    for (int i = start; i < start + length; i++) {
      float value = s.get(i);
      if (value <= 0) {
        out.set(i, 0);
      } else {
        double log = Math.log(value);
        double weighted = dy.get(i) * rows.power(c, log);
        double slope = weighted * rows.alpha[c] * rows.beta[c];
        double divisor = Math.max(value, PowerNormalisation.SLOPE_FLOOR);
        out.set(i, (float) (slope / Math.min(divisor, Float.MAX_VALUE)));
        sum[c] += weighted;
        logSum[c] += weighted * log;
      }
      c = rows.next(c);
    }
  }

  /** The numbers as rows, and the parameters of each place of a row. */
  private static final class Rows {
    final int size;
    final int channels;
    final int width;
    final double[] alpha;
    final double[] beta;
    final VectorPowerNorm.Parameters vector;

    Rows(Span[] in) {
      size = in[0].size();
      channels = ChannelParameters.channels(in[0].shape(), List.of(in[1].shape(), in[2].shape()));
      int wide = channels * Math.max(1, ROW / Math.max(1, channels));
      width = Math.max(channels, Math.min(size, wide));
      alpha = repeated(in[1]);
      beta = repeated(in[2]);
      vector = VectorSupport.available() ? new VectorPowerNorm.Parameters(alpha, beta) : null;
    }

    private double[] repeated(Span parameter) {
      double[] values = new double[width];
      if (parameter.size() == 1) {
        Arrays.fill(values, parameter.get(0));
        return values;
      }
      for (int i = 0; i < width; i++) {
        values[i] = i < channels ? parameter.get(i) : values[i - channels];
      }
      return values;
    }

    double power(int place, double log) {
      return Math.exp(beta[place] * log);
    }

    int next(int place) {
      return place + 1 == width ? 0 : place + 1;
    }

    /** Runs over chunks of whole rows, the last of which may be shorter. */
    void forChunks(int chunks, Parallel.ChunkBody body) {
      Parallel.forParts(
          count(),
          chunks,
          (chunk, from, to) -> {
            int start = from * width;
            body.run(chunk, start, (int) Math.min((long) to * width, size) - start);
          });
    }

    int chunks() {
      return Parallel.chunks(count(), grain());
    }

    private int count() {
      return size == 0 ? 0 : (size - 1) / width + 1;
    }

    private int grain() {
      return Math.max(1, GRAIN / Math.max(1, width));
    }
  }
}
