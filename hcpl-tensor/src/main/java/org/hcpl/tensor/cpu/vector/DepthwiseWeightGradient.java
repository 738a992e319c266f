package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;

import java.util.Arrays;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.op.ConvGeometry;

/** Weight gradient of the depthwise convolution, channel multiplier 1. */
final class DepthwiseWeightGradient {
  /** Output pixels that are summed in float before they go to the double total. */
  private static final int FLOAT_PIXELS = 16 * 112;

  /**
   * Double totals of all pieces of work together: 2 MiB, as to clear more takes as long as to sum.
   */
  private static final int TOTALS = 1 << 18;

  /** Sums of one piece of work when the pieces are added up. */
  private static final int TOTALS_GRAIN = 1 << 12;

  private final float[] x;
  private final int xo;
  private final float[] dy;
  private final int dyo;
  private final ConvGeometry g;
  private final int c;

  private DepthwiseWeightGradient(float[] x, int xo, float[] dy, int dyo, ConvGeometry g) {
    this.x = x;
    this.xo = xo;
    this.dy = dy;
    this.dyo = dyo;
    this.g = g;
    this.c = g.c();
  }

  /** {@code dw [C, kH, kW, 1]} from x and dy. */
  static void run(float[] x, int xo, float[] dy, int dyo, float[] dw, int dwo, ConvGeometry g) {
    new DepthwiseWeightGradient(x, xo, dy, dyo, g).run(dw, dwo);
  }

  private void run(float[] dw, int dwo) {
    int taps = g.kH() * g.kW();
    int outRows = g.n() * g.outH();
    int width = taps * c;
    // Pieces by size alone: the same bits for every number of threads.
    int most = Math.clamp(Integer.highestOneBit(Math.max(1, TOTALS / width)), 8, 32);
    int pieces = Math.max(1, Math.min(Math.min(most, outRows), outRows * g.outW() * c / (1 << 15)));
    double[][] totals = new double[pieces][width];
    Parallel.forRange(
        pieces,
        1,
        (begin, end) -> {
          Part part = new Part();
          for (int p = begin; p < end; p++) {
            int from = (int) ((long) outRows * p / pieces);
            int to = (int) ((long) outRows * (p + 1) / pieces);
            part.sum(from, to, totals[p]);
          }
        });
    double[] sum = totals[0];
    Parallel.forRange(
        width,
        TOTALS_GRAIN,
        (begin, end) -> {
          for (int p = 1; p < pieces; p++) {
            add(totals[p], sum, begin, end);
          }
        });
    for (int j = 0; j < c; j++) {
      for (int t = 0; t < taps; t++) {
        dw[dwo + j * taps + t] = (float) sum[t * c + j];
      }
    }
  }

  private static void add(double[] from, double[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] += from[i];
    }
  }

  /** Whether {@link DepthwiseGradientColumns} has the loops over columns for two rows. */
  private boolean paired() {
    return g.kH() == g.kW()
        && (g.kW() == 3 || g.kW() == 5)
        && g.strideH() == 1
        && g.strideW() == 1
        && g.dilationH() == 1
        && g.dilationW() == 1
        && c >= L
        && c % L == 0
        && g.padLeft() < g.kW()
        && g.padRight() < g.kW();
  }

  /** What one thread sums. */
  private final class Part {
    private final float[] sums = new float[g.kH() * g.kW() * c];
    private final boolean paired = paired();
    private final boolean touches = DepthwiseForward.of(g).touches();
    private final Rows rows = new Rows();
    private float touched;

    /** Adds the output rows {@code from} to {@code to - 1} to the total. */
    void sum(int from, int to, double[] total) {
      int step = Math.max(2, FLOAT_PIXELS / g.outW());
      for (int row = from; row < to; row += step) {
        Arrays.fill(sums, 0f);
        int end = Math.min(to, row + step);
        for (int r = row; r < end; ) {
          if (paired) {
            boolean two = r + 1 < end && (r + 1) % g.outH() != 0;
            touch(r, 2, r == from);
            rows.add(r, two, sums);
            r += two ? 2 : 1;
          } else {
            touch(r, 1, r == from);
            row(sums, r++);
          }
        }
        for (int i = 0; i < total.length; i++) {
          total[i] += sums[i];
        }
      }
    }

    /** Reads the input rows that some output rows need for the first time along the memory. */
    private void touch(int row, int count, boolean fresh) {
      if (touches) {
        int line = g.w() * c;
        int top = row % g.outH() * g.strideH() - g.padTop();
        int end = top + (g.kH() - 1) * g.dilationH() + 1 + (count - 1) * g.strideH();
        boolean all = fresh || row % g.outH() == 0;
        int first = Math.max(0, all ? top : end - count * g.strideH());
        int from = xo + (row / g.outH() * g.h() + first) * line;
        touched = DepthwiseRows.touch(x, from, Math.max(0, Math.min(g.h(), end) - first) * line);
      }
    }
  }

  /** Two output rows at stride 1 and the input rows under them. */
  private final class Rows {
    private final float[][] input = new float[g.kH() + 1][];
    private final int[] from = new int[g.kH() + 1];
    private final float[] zeros = new float[g.w() * c];

    /** A row of dy and the one below, each with zeros at both ends. */
    private final float[] padded = new float[2 * (g.w() + g.kW() - 1) * c];

    void add(int row, boolean two, float[] sums) {
      look(row);
      int width = (g.w() + g.kW() - 1) * c;
      int left = (g.kW() - 1 - g.padLeft()) * c;
      int line = g.outW() * c;
      System.arraycopy(dy, dyo + row * line, padded, left, line);
      if (two) {
        System.arraycopy(dy, dyo + (row + 1) * line, padded, width + left, line);
      } else {
        Arrays.fill(padded, width + left, width + left + line, 0f);
      }
      for (int j = 0; j < c; j += L) {
        if (g.kW() == 3) {
          threes(j, width + j, sums);
        } else {
          fives(j, width + j, sums);
        }
      }
    }

    private void look(int row) {
      int top = row % g.outH() - g.padTop();
      int image = xo + row / g.outH() * g.h() * g.w() * c;
      int line = g.w() * c;
      for (int i = 0; i < input.length; i++) {
        int y = top + i;
        boolean inside = y >= 0 && y < g.h();
        input[i] = inside ? x : zeros;
        from[i] = inside ? image + y * line : 0;
      }
    }

    private void threes(int j, int below, float[] sums) {
      DepthwiseGradientColumns.three(
          input[0],
          from[0] + j,
          input[1],
          from[1] + j,
          input[2],
          from[2] + j,
          input[3],
          from[3] + j,
          g.w(),
          c,
          padded,
          j,
          below,
          sums,
          j);
    }

    private void fives(int j, int below, float[] sums) {
      DepthwiseGradientColumns.fiveByThreeRows(
          input[0],
          from[0] + j,
          input[1],
          from[1] + j,
          input[2],
          from[2] + j,
          input[3],
          from[3] + j,
          g.w(),
          c,
          padded,
          j,
          below,
          sums,
          j);
      DepthwiseGradientColumns.fiveByTwoRows(
          input[3],
          from[3] + j,
          input[4],
          from[4] + j,
          input[5],
          from[5] + j,
          g.w(),
          c,
          padded,
          j,
          below,
          sums,
          15 * c + j);
    }
  }

  /** One output row of any geometry. */
  private void row(float[] sums, int outRow) {
    int image = outRow / g.outH();
    int top = outRow % g.outH() * g.strideH() - g.padTop();
    // Outputs whose taps all lie inside the image are done at once, the others tap by tap.
    int first = DepthwiseConv2d.first(-g.padLeft(), g.strideW());
    int last =
        Math.min(g.outW(), DepthwiseConv2d.last(g.kW() - 1 - g.padLeft(), g.strideW(), g.w()));
    boolean dense = c % L == 0 && g.dilationW() == 1 && first < last;
    boolean three = dense && g.kW() == 3 && g.kH() == 3;
    boolean five = dense && g.kW() == 5;
    int step = g.strideW() * c;
    int inner = (first * g.strideW() - g.padLeft()) * c;
    int go = dyo + (outRow * g.outW() + first) * c;
    float[][] rows = new float[g.kH()][];
    int[] from = new int[g.kH()];
    boolean all = true;
    for (int ky = 0; ky < g.kH(); ky++) {
      int iy = top + ky * g.dilationH();
      if (iy >= 0 && iy < g.h()) {
        rows[ky] = x;
        from[ky] = xo + (image * g.h() + iy) * g.w() * c;
      } else {
        all = false;
      }
    }
    if (three && all) {
      int[] at = {from[0] + inner, from[1] + inner, from[2] + inner};
      for (int j = 0; j < c; j += L) {
        DepthwiseRows.threeGradient(rows, at, step, c, j, dy, go, last - first, sums);
      }
    }
    for (int ky = 0; ky < g.kH(); ky++) {
      if (rows[ky] == null) {
        continue;
      }
      boolean done = three && all;
      if (five) {
        for (int j = 0; j < c; j += L) {
          int to = ky * 5 * c + j;
          DepthwiseRows.fiveGradient(
              x, from[ky] + inner + j, step, c, dy, go + j, last - first, sums, to);
        }
        done = true;
      }
      for (int kx = 0; kx < g.kW(); kx++) {
        int left = kx * g.dilationW() - g.padLeft();
        int low = DepthwiseConv2d.first(left, g.strideW());
        int high = Math.min(g.outW(), DepthwiseConv2d.last(left, g.strideW(), g.w()));
        if (done) {
          tap(from[ky], sums, outRow, ky, kx, low, Math.min(first, high));
          tap(from[ky], sums, outRow, ky, kx, Math.max(last, low), high);
        } else {
          tap(from[ky], sums, outRow, ky, kx, low, high);
        }
      }
    }
  }

  private void tap(int row, float[] sums, int outRow, int ky, int kx, int low, int high) {
    if (low >= high) {
      return;
    }
    int column = low * g.strideW() + kx * g.dilationW() - g.padLeft();
    DepthwiseRows.tapGradient(
        x,
        row + column * c,
        g.strideW() * c,
        dy,
        dyo + (outRow * g.outW() + low) * c,
        high - low,
        sums,
        (ky * g.kW() + kx) * c,
        c);
  }
}
