package org.hcpl.nn;

import static org.hcpl.tensor.io.Words.count;

import java.util.stream.IntStream;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;

/**
 * Multi-head attention within windows with a relative position bias (Liu et al. 2021, Swin) and
 * timm's names: {@code relative_position_bias_table} {@code [(2h-1)(2w-1), heads]}, {@code qkv},
 * {@code proj}. Windows {@code [B, N, C]}, N = h * w tokens each.
 */
public final class WindowAttention extends Module {
  private final int heads;
  private final int tokens;
  private final int[] relativeIndex;
  private final Parameter table;
  private final Linear qkv;
  private final Linear projection;

  /**
   * @param dim C, divisible by the heads
   * @param height rows of a window
   * @param width columns of a window
   */
  public WindowAttention(int dim, int heads, int height, int width) {
    if (heads < 1 || dim % heads != 0) {
      throw new TensorException(
          "windowAttention: "
              + count(dim, "channel")
              + " for "
              + count(heads, "head")
              + " (expected: at least one head, and a multiple of them)");
    }
    this.heads = heads;
    this.tokens = height * width;
    this.relativeIndex = relativeIndex(height, width);
    this.table =
        parameter(
            "relative_position_bias_table",
            Layout.PLAIN,
            (2 * height - 1) * (2 * width - 1),
            heads);
    this.qkv = child("qkv", new Linear(dim, 3 * dim));
    this.projection = child("proj", new Linear(dim, dim));
  }

  /** Row of the bias table for each pair of tokens, {@code [N * N]}, by their displacement. */
  public static int[] relativeIndex(int height, int width) {
    int n = height * width;
    int[] index = new int[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int dy = i / width - j / width + height - 1;
        int dx = i % width - j % width + width - 1;
        index[i * n + j] = dy * (2 * width - 1) + dx;
      }
    }
    return index;
  }

  @Override
  protected void reset(Rng rng) {
    Init.truncatedNormal(rng, table, 0.02);
  }

  @Override
  public Tensor forward(Tensor x) {
    return attend(x, null);
  }

  /**
   * Attention with a mask.
   *
   * @param x windows {@code [B, N, C]}, B a multiple of the mask's windows
   * @param mask added to the logits, {@code [windows, N, N]}, or null; window i uses entry {@code i
   *     mod windows}
   */
  public Tensor attend(Tensor x, Tensor mask) {
    int b = x.dim(0);
    int c = x.dim(-1);
    if (x.rank() != 3 || x.dim(1) != tokens) {
      throw new ShapeException(
          "windowAttention: x " + x.shape() + " (expected: [B, " + tokens + ", C])");
    }
    int width = c / heads;
    Tensor parts = qkv.apply(x).reshape(b, tokens, 3, heads, width).permute(2, 0, 3, 1, 4);
    Tensor y =
        parts
            .select(0, 0)
            .attention(parts.select(0, 1), parts.select(0, 2), bias(b, mask), 1 / Math.sqrt(width));
    return projection.apply(y.permute(0, 2, 1, 3).reshape(b, tokens, c));
  }

  /** {@code [heads, N, N]}, or {@code [b, heads, N, N]} with a mask. */
  private Tensor bias(int b, Tensor mask) {
    Tensor bias =
        table.value().gather(0, relativeIndex).reshape(tokens, tokens, heads).permute(2, 0, 1);
    if (mask == null) {
      return bias;
    }
    int windows = mask.dim(0);
    Tensor one = mask.reshape(windows, 1, tokens, tokens).add(bias);
    return b == windows
        ? one
        : one.gather(0, IntStream.range(0, b).map(i -> i % windows).toArray());
  }
}
