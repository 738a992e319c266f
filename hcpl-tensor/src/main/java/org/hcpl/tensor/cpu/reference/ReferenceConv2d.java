package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dInputGradient;
import org.hcpl.tensor.op.Conv2dWeightGradient;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.Span;

/** Convolution and its gradients by the loops of the definition, sums in double. */
final class ReferenceConv2d {
  private ReferenceConv2d() {}

  /** One product of the sum: places in x, weights and y. */
  private interface Term {
    void at(int x, int weight, int y);
  }

  static CpuKernel forward(Conv2d op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      if (in.length > 2) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] = in[2].get(i % in[2].size());
        }
      }
      terms(
          op.options(),
          in[0].shape(),
          in[1].shape(),
          out.shape(),
          (x, w, y) -> sums[y] += (double) in[0].get(x) * in[1].get(w));
      store(sums, out);
    };
  }

  static CpuKernel inputGradient(Conv2dInputGradient op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      terms(
          op.options(),
          out.shape(),
          in[1].shape(),
          in[0].shape(),
          (x, w, y) -> sums[x] += (double) in[0].get(y) * in[1].get(w));
      store(sums, out);
    };
  }

  static CpuKernel weightGradient(Conv2dWeightGradient op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      terms(
          op.options(),
          in[0].shape(),
          out.shape(),
          in[1].shape(),
          (x, w, y) -> sums[w] += (double) in[0].get(x) * in[1].get(y));
      store(sums, out);
    };
  }

  private static void store(double[] sums, Span out) {
    for (int i = 0; i < sums.length; i++) {
      out.set(i, (float) sums[i]);
    }
  }

  private static void terms(ConvOptions options, Shape x, Shape weight, Shape y, Term term) {
    Window window = options.window(x, weight.dim(1), weight.dim(2));
    int groupC = weight.dim(3);
    int groupOut = y.dim(3) / options.groups();
    int pixels = y.size() / Math.max(y.dim(3), 1);
    for (int pixel = 0; pixel < pixels; pixel++) {
      int column = pixel % y.dim(2);
      int row = pixel / y.dim(2) % y.dim(1);
      int image = pixel / y.dim(2) / y.dim(1);
      for (int o = 0; o < y.dim(3); o++) {
        for (int a = 0; a < window.kernelH(); a++) {
          int i = row * window.strideH() - window.top() + a * window.dilationH();
          if (i < 0 || i >= x.dim(1)) {
            continue;
          }
          for (int b = 0; b < window.kernelW(); b++) {
            int j = column * window.strideW() - window.left() + b * window.dilationW();
            if (j < 0 || j >= x.dim(2)) {
              continue;
            }
            int from = ((image * x.dim(1) + i) * x.dim(2) + j) * x.dim(3) + o / groupOut * groupC;
            int with = ((o * window.kernelH() + a) * window.kernelW() + b) * groupC;
            for (int c = 0; c < groupC; c++) {
              term.at(from + c, with + c, pixel * y.dim(3) + o);
            }
          }
        }
      }
    }
  }
}
