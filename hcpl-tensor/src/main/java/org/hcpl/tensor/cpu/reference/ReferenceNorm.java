package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BatchNormTrain;
import org.hcpl.tensor.op.BatchNormTrainGradient;
import org.hcpl.tensor.op.BatchNormTrainSums;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LayerNormGradient;
import org.hcpl.tensor.op.LayerNormSums;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Normalisation over pixels and over channels, and its gradients. */
final class ReferenceNorm {
  private ReferenceNorm() {}

  static void moments(Span[] in, Span out) {
    int c = in[0].dim(-1);
    int m = in[0].size() / c;
    for (int k = 0; k < c; k++) {
      double sum = 0;
      for (int p = 0; p < m; p++) {
        sum += in[0].get(p * c + k);
      }
      double mean = sum / m;
      double squares = 0;
      for (int p = 0; p < m; p++) {
        squares += (in[0].get(p * c + k) - mean) * (in[0].get(p * c + k) - mean);
      }
      out.set(k, (float) mean);
      out.set(c + k, (float) (squares / m));
    }
  }

  static CpuKernel batchNorm(BatchNorm op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      for (int i = 0; i < out.size(); i++) {
        int k = i % c;
        double normal = (in[0].get(i) - (double) in[1].get(k)) / Math.sqrt(in[2].get(k) + op.eps());
        out.set(i, (float) op.then().apply(normal * in[3].get(k) + in[4].get(k)));
      }
    };
  }

  static CpuKernel batchNormTrain(BatchNormTrain op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      for (int i = 0; i < out.size(); i++) {
        double normal = normal(in[0], in[1], op.eps(), i);
        out.set(i, (float) op.then().apply(normal * in[2].get(i % c) + in[3].get(i % c)));
      }
    };
  }

  static CpuKernel batchNormTrainSums(BatchNormTrainSums op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      double[] sums = new double[2 * c];
      for (int i = 0; i < in[0].size(); i++) {
        double normal = normal(in[0], in[1], op.eps(), i);
        double dz = in[4].get(i) * slope(op.then(), normal, in[2].get(i % c), in[3].get(i % c));
        sums[i % c] += dz;
        sums[c + i % c] += dz * normal;
      }
      store(sums, out);
    };
  }

  static CpuKernel batchNormTrainGradient(BatchNormTrainGradient op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      double m = (double) in[0].size() / c;
      for (int i = 0; i < out.size(); i++) {
        int k = i % c;
        double normal = normal(in[0], in[1], op.eps(), i);
        double dz = in[5].get(i) * slope(op.then(), normal, in[2].get(k), in[3].get(k));
        double scale = in[2].get(k) / Math.sqrt(in[1].get(c + k) + op.eps());
        out.set(i, (float) (scale * (dz - in[4].get(k) / m - normal * in[4].get(c + k) / m)));
      }
    };
  }

  private static double slope(Unary then, double normal, double gamma, double beta) {
    double z = normal * gamma + beta;
    return then.derivative(z, then.apply(z));
  }

  private static double normal(Span x, Span moments, double eps, int i) {
    int c = x.dim(-1);
    int k = i % c;
    return (x.get(i) - (double) moments.get(k)) / Math.sqrt(moments.get(c + k) + eps);
  }

  static CpuKernel layerNorm(LayerNorm op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      double[] row = new double[c];
      for (int start = 0; start < out.size(); start += c) {
        normaliseRow(in[0], start, op.eps(), row);
        for (int k = 0; k < c; k++) {
          out.set(start + k, (float) (row[k] * in[1].get(k) + in[2].get(k)));
        }
      }
    };
  }

  static CpuKernel layerNormGradient(LayerNormGradient op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      double[] row = new double[c];
      for (int start = 0; start < out.size(); start += c) {
        double inverse = normaliseRow(in[0], start, op.eps(), row);
        double mean = 0;
        double along = 0;
        for (int k = 0; k < c; k++) {
          double g = (double) in[2].get(start + k) * in[1].get(k);
          mean += g / c;
          along += g * row[k] / c;
        }
        for (int k = 0; k < c; k++) {
          double g = (double) in[2].get(start + k) * in[1].get(k);
          out.set(start + k, (float) ((g - mean - row[k] * along) * inverse));
        }
      }
    };
  }

  static CpuKernel layerNormSums(LayerNormSums op) {
    return (in, out) -> {
      int c = in[0].dim(-1);
      double[] row = new double[c];
      double[] sums = new double[2 * c];
      for (int start = 0; start < in[0].size(); start += c) {
        normaliseRow(in[0], start, op.eps(), row);
        for (int k = 0; k < c; k++) {
          sums[k] += in[1].get(start + k);
          sums[c + k] += in[1].get(start + k) * row[k];
        }
      }
      store(sums, out);
    };
  }

  /** Writes {@code (x - mean) / sqrt(variance + eps)} of a row; returns the inverse root. */
  private static double normaliseRow(Span x, int start, double eps, double[] row) {
    double mean = 0;
    for (int k = 0; k < row.length; k++) {
      mean += x.get(start + k);
    }
    mean /= row.length;
    double variance = 0;
    for (int k = 0; k < row.length; k++) {
      row[k] = x.get(start + k) - mean;
      variance += row[k] * row[k];
    }
    double inverse = 1 / Math.sqrt(variance / row.length + eps);
    for (int k = 0; k < row.length; k++) {
      row[k] *= inverse;
    }
    return inverse;
  }

  private static void store(double[] sums, Span out) {
    for (int i = 0; i < sums.length; i++) {
      out.set(i, (float) sums[i]);
    }
  }
}
