package org.hcpl.tensor.cpu.reference;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.op.Window;
import org.hcpl.tensor.spi.CpuKernel;

/** Taking windows apart and together. */
final class ReferenceWindow {
  private ReferenceWindow() {}

  /** Where a channel vector of the windows begins, and where in the image; -1 for padding. */
  private interface Visit {
    void at(int windows, int image);
  }

  static CpuKernel unfold(Unfold op) {
    return (in, out) -> {
      int c = in[0].dim(3);
      walk(
          op.window(),
          in[0].shape(),
          (to, from) -> {
            for (int k = 0; k < c; k++) {
              out.set(to + k, from < 0 ? 0 : in[0].get(from + k));
            }
          });
    };
  }

  static CpuKernel fold(Fold op) {
    return (in, out) -> {
      double[] sums = new double[out.size()];
      int c = out.dim(3);
      walk(
          op.window(),
          out.shape(),
          (from, to) -> {
            for (int k = 0; to >= 0 && k < c; k++) {
              sums[to + k] += in[0].get(from + k);
            }
          });
      for (int i = 0; i < sums.length; i++) {
        out.set(i, (float) sums[i]);
      }
    };
  }

  private static void walk(Window window, Shape image, Visit visit) {
    int outH = window.outH(image.dim(1));
    int outW = window.outW(image.dim(2));
    int taps = window.kernelH() * window.kernelW();
    int places = image.dim(0) * outH * outW;
    for (int place = 0; place < places; place++) {
      int top = place / outW % outH * window.strideH() - window.top();
      int left = place % outW * window.strideW() - window.left();
      int n = place / outW / outH;
      for (int tap = 0; tap < taps; tap++) {
        int row = top + tap / window.kernelW() * window.dilationH();
        int column = left + tap % window.kernelW() * window.dilationW();
        boolean inside = row >= 0 && row < image.dim(1) && column >= 0 && column < image.dim(2);
        int at = ((n * image.dim(1) + row) * image.dim(2) + column) * image.dim(3);
        visit.at((place * taps + tap) * image.dim(3), inside ? at : -1);
      }
    }
  }
}
