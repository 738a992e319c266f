package org.hcpl.tensor.cpu;

import org.hcpl.tensor.cpu.vector.WinogradTransforms;
import org.hcpl.tensor.op.ConvGeometry;

/**
 * 3x3 convolutions of stride one by Winograd's F(4x4, 3x3): tiles of 4x4 outputs from 6x6 inputs
 * with 36 products in place of 144, each of the 36 a matrix product over tiles and channels.
 *
 * <p>{@code Y = A^T [sum over channels of (G w G^T) * (B^T d B)] A}; the matrices and what they
 * cost in accuracy are described at {@link WinogradTransforms}.
 */
final class Winograd {
  private static final int SIDE = 4;
  private static final int IN_SIDE = 6;
  private static final int POINTS = IN_SIDE * IN_SIDE;

  /** Channels transformed at a time: 36 times this in floats is 18 KiB, half an L1 cache. */
  private static final int CHANNELS = 128;

  /** Floats of transformed input and products of one block of tiles: 512 KiB, half an L2 cache. */
  private static final int BLOCK_FLOATS = 1 << 17;

  /** Inner indices per call of the micro-kernel. */
  private static final int DEPTH = 512;

  /**
   * Multiply-adds, counted directly, below which threads that meet three times inside of a block
   * cost more than they bring: they hand each other all transformed tiles.
   */
  private static final long LEAST_WORK = 1 << 23;

  /** The same for threads that each have tiles of their own. */
  private static final long LEAST_APART = 1 << 21;

  /** With fewer tiles in an image, weights four times as large pay only while they stay in L2. */
  private static final int MANY_TILES = 16;

  private static final int LEAST_TILES = 4;
  private static final int SMALL_WEIGHTS = 1 << 19;

  private final MicroKernel kernel;
  private final PackedB[] points = new PackedB[POINTS];

  Winograd(MicroKernel kernel, ConvGeometry geometry, float[] w, int wOff) {
    this.kernel = kernel;
    int c = geometry.c();
    int outC = geometry.outC();
    float[] transformed = transformWeights(c, outC, w, wOff);
    for (int point = 0; point < POINTS; point++) {
      PanelSource source = PanelSource.transposed(transformed, point * outC * c, c);
      points[point] = PackedB.of(kernel, c, outC, source);
    }
  }

  /** Whether the layer can be, and is best, done this way. */
  static boolean suits(ConvGeometry g) {
    if (!VectorSupport.available()
        || g.kH() != 3
        || g.kW() != 3
        || g.strideH() != 1
        || g.strideW() != 1
        || g.dilationH() != 1
        || g.dilationW() != 1
        || g.groups() != 1) {
      return false;
    }
    int lanes = WinogradTransforms.lanes();
    int tiles = tiles(g.outH()) * tiles(g.outW());
    boolean small = (long) POINTS * g.c() * g.outC() <= SMALL_WEIGHTS;
    int least = small ? LEAST_TILES : MANY_TILES;
    return g.c() % lanes == 0 && g.outC() % lanes == 0 && tiles >= least;
  }

  private static int tiles(int size) {
    return (size + SIDE - 1) / SIDE;
  }

  long size() {
    return (long) POINTS * points[0].floats();
  }

  /** {@code [36, outC, c]}, computed in double. */
  private static float[] transformWeights(int c, int outC, float[] w, int wOff) {
    double[] g = WinogradTransforms.weightMatrix();
    float[] result = new float[POINTS * outC * c];
    Parallel.forRange(
        outC,
        Math.max(1, 4096 / c),
        (start, end) -> {
          double[] half = new double[IN_SIDE * 3 * c];
          for (int o = start; o < end; o++) {
            for (int i = 0; i < IN_SIDE; i++) {
              for (int kx = 0; kx < 3; kx++) {
                int from = wOff + (o * 9 + kx) * c;
                int to = (i * 3 + kx) * c;
                for (int j = 0; j < c; j++) {
                  half[to + j] =
                      g[i * 3] * w[from + j]
                          + g[i * 3 + 1] * w[from + 3 * c + j]
                          + g[i * 3 + 2] * w[from + 6 * c + j];
                }
              }
            }
            for (int point = 0; point < POINTS; point++) {
              int from = point / IN_SIDE * 3 * c;
              int to = (point * outC + o) * c;
              int column = point % IN_SIDE * 3;
              for (int j = 0; j < c; j++) {
                double sum =
                    g[column] * half[from + j]
                        + g[column + 1] * half[from + c + j]
                        + g[column + 2] * half[from + 2 * c + j];
                result[to + j] = (float) sum;
              }
            }
          }
        });
    return result;
  }

  /** One run: where things are and how they are cut. */
  private static final class Run {
    final ConvGeometry g;
    final float[] x;
    final int xOff;
    final float[] y;
    final int yOff;
    final Epilogue epilogue;
    final float[] bias;
    final int tilesDown;
    final int tilesAcross;

    /** Floats from one tile's channels to the next one's; spread over the cache sets. */
    final int inStride;

    final int outStride;

    Run(ConvGeometry g, float[] x, int xOff, float[] y, int yOff, Epilogue epilogue) {
      this.g = g;
      this.x = x;
      this.xOff = xOff;
      this.y = y;
      this.yOff = yOff;
      this.epilogue = epilogue;
      this.tilesDown = tiles(g.outH());
      this.tilesAcross = tiles(g.outW());
      this.inStride = RowSource.stride(g.c());
      this.outStride = RowSource.stride(g.outC());
      this.bias = new float[g.outC()];
      if (epilogue != null && epilogue.bias() != null) {
        System.arraycopy(epilogue.bias(), epilogue.biasOffset(), bias, 0, g.outC());
      }
    }
  }

  /** {@code y = epilogue(conv(x, w))}; the geometry may differ from the packed one's in n alone. */
  void run(ConvGeometry g, float[] x, int xOff, float[] y, int yOff, Epilogue epilogue) {
    Run run = new Run(g, x, xOff, y, yOff, epilogue);
    int tiles = g.n() * run.tilesDown * run.tilesAcross;
    int rows = kernel.rows();
    int fitting = BLOCK_FLOATS / (POINTS * (run.inStride + run.outStride)) / rows * rows;
    int most = Math.max(2 * rows, fitting);
    int threads = Parallel.threads();
    int blocks = (tiles + most - 1) / most;
    boolean apart = fitsEachCore(g) && g.multiplyAdds() >= LEAST_APART;
    if (blocks > 1 || apart) {
      blocks = (blocks + threads - 1) / threads * threads;
    }
    // Whole tiles of the micro-kernel in every block but the last, spread evenly.
    int groups = (tiles + rows - 1) / rows;
    int count = Math.min(blocks, groups);
    Parallel.RangeBody body =
        (start, end) -> {
          for (int block = start; block < end; block++) {
            int first = Parallel.begin(groups, count, block) * rows;
            int last = Parallel.begin(groups, count, block + 1) * rows;
            block(run, first, Math.min(tiles, last));
          }
        };
    if (count >= threads) {
      Parallel.forRange(count, 1, body);
    } else {
      // Too few blocks for the threads: these meet inside of a block instead.
      body.run(0, count);
    }
  }

  /** Whether each core that uses all the weights finds them in its caches. */
  private static boolean fitsEachCore(ConvGeometry g) {
    return (long) POINTS * g.c() * g.outC() <= SMALL_WEIGHTS;
  }

  private void block(Run run, int tile0, int tileEnd) {
    int count = tileEnd - tile0;
    float[] inputs = Scratch.own().other(POINTS * count * (run.inStride + run.outStride));
    int products = POINTS * count * run.inStride;
    boolean alone = run.g.multiplyAdds() < LEAST_WORK;
    Parallel.forRange(
        count,
        alone ? count : 4,
        (start, end) -> {
          for (int tile = start; tile < end; tile++) {
            transformInput(run, tile0 + tile, inputs, tile * run.inStride, count * run.inStride);
          }
        });
    Parallel.forRange(
        POINTS,
        alone ? POINTS : 3,
        (start, end) -> multiply(run, start, end, count, inputs, products));
    Parallel.forRange(
        count,
        alone ? count : 4,
        (start, end) -> {
          for (int tile = start; tile < end; tile++) {
            transformOutput(
                run, tile0 + tile, inputs, products + tile * run.outStride, count * run.outStride);
          }
        });
  }

  private void multiply(Run run, int start, int end, int count, float[] data, int products) {
    int c = run.g.c();
    Scratch scratch = Scratch.own();
    int[] aRows = scratch.aOffsets(count);
    int[] cRows = scratch.cOffsets(count);
    for (int point = start; point < end; point++) {
      PackedB weights = points[point];
      for (int tile = 0; tile < count; tile++) {
        cRows[tile] = products + (point * count + tile) * run.outStride;
      }
      for (int k0 = 0; k0 < c; k0 += DEPTH) {
        int kc = Math.min(DEPTH, c - k0);
        for (int tile = 0; tile < count; tile++) {
          aRows[tile] = (point * count + tile) * run.inStride + k0;
        }
        for (int panel = 0; panel < weights.panels(); panel++) {
          int valid = weights.valid(panel);
          int from = weights.partOffset(panel, k0);
          kernel.multiply(
              kc,
              data,
              aRows,
              weights.part(panel, k0, kc, scratch),
              from,
              data,
              cRows,
              weights.column(panel),
              0,
              count,
              valid,
              k0 > 0,
              Scratch.zeros(),
              0,
              scratch.edge(kernel));
        }
      }
    }
  }

  /** {@code B^T d B} of one tile; outside of the image are zeros. */
  private static void transformInput(Run run, int tile, float[] to, int toOffset, int stride) {
    ConvGeometry g = run.g;
    int perImage = run.tilesDown * run.tilesAcross;
    int image = tile / perImage;
    int y0 = tile % perImage / run.tilesAcross * SIDE - g.padTop();
    int x0 = tile % run.tilesAcross * SIDE - g.padLeft();
    float[] half = Scratch.own().rows(POINTS * CHANNELS);
    float[] zeros = Scratch.zeros();
    float[][] from = new float[IN_SIDE][];
    int[] at = new int[IN_SIDE];
    for (int c0 = 0; c0 < g.c(); c0 += CHANNELS) {
      int channels = Math.min(CHANNELS, g.c() - c0);
      for (int j = 0; j < IN_SIDE; j++) {
        int column = x0 + j;
        for (int r = 0; r < IN_SIDE; r++) {
          int row = y0 + r;
          boolean inside = row >= 0 && row < g.h() && column >= 0 && column < g.w();
          from[r] = inside ? run.x : zeros;
          at[r] = inside ? run.xOff + ((image * g.h() + row) * g.w() + column) * g.c() + c0 : 0;
        }
        WinogradTransforms.input(
            channels,
            from[0],
            at[0],
            from[1],
            at[1],
            from[2],
            at[2],
            from[3],
            at[3],
            from[4],
            at[4],
            from[5],
            at[5],
            half,
            j * channels,
            IN_SIDE * channels);
      }
      for (int i = 0; i < IN_SIDE; i++) {
        int row = i * IN_SIDE * channels;
        WinogradTransforms.input(
            channels,
            half,
            row,
            half,
            row + channels,
            half,
            row + 2 * channels,
            half,
            row + 3 * channels,
            half,
            row + 4 * channels,
            half,
            row + 5 * channels,
            to,
            toOffset + i * IN_SIDE * stride + c0,
            stride);
      }
    }
  }

  /** {@code A^T m A} of one tile, then the epilogue; what falls outside of the image is dropped. */
  private void transformOutput(Run run, int tile, float[] from, int fromOffset, int stride) {
    ConvGeometry g = run.g;
    int outC = g.outC();
    int perImage = run.tilesDown * run.tilesAcross;
    int image = tile / perImage;
    int y0 = tile % perImage / run.tilesAcross * SIDE;
    int x0 = tile % run.tilesAcross * SIDE;
    int rows = Math.min(SIDE, g.outH() - y0);
    int columns = Math.min(SIDE, g.outW() - x0);
    float[] half = Scratch.own().rows(SIDE * IN_SIDE * CHANNELS + CHANNELS);
    int dropped = SIDE * IN_SIDE * CHANNELS;
    int pixel0 = (image * g.outH() + y0) * g.outW() + x0;
    for (int c0 = 0; c0 < outC; c0 += CHANNELS) {
      int channels = Math.min(CHANNELS, outC - c0);
      for (int j = 0; j < IN_SIDE; j++) {
        int row = IN_SIDE * channels;
        WinogradTransforms.output(
            channels,
            from,
            fromOffset + j * stride + c0,
            IN_SIDE * stride,
            Scratch.zeros(),
            0,
            half,
            j * channels,
            half,
            row + j * channels,
            half,
            2 * row + j * channels,
            half,
            3 * row + j * channels);
      }
      for (int i = 0; i < rows; i++) {
        int at = run.yOff + (pixel0 + i * g.outW()) * outC + c0;
        WinogradTransforms.output(
            channels,
            half,
            i * IN_SIDE * channels,
            channels,
            run.bias,
            c0,
            run.y,
            at,
            columns > 1 ? run.y : half,
            columns > 1 ? at + outC : dropped,
            columns > 2 ? run.y : half,
            columns > 2 ? at + 2 * outC : dropped,
            columns > 3 ? run.y : half,
            columns > 3 ? at + 3 * outC : dropped);
      }
    }
    Epilogue epilogue = run.epilogue;
    if (epilogue != null && epilogue.finishes()) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int pixel = pixel0 + i * g.outW() + j;
          kernel.finish(run.y, run.yOff + pixel * outC, outC, epilogue, pixel, 0);
        }
      }
    }
  }
}
