package org.hcpl.nn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Backend;

/**
 * A block of the Swin transformer (Liu et al. 2021) with timm's names: {@code norm1}, {@code attn},
 * {@code norm2}, {@code mlp.fc1}, {@code mlp.fc2}; {@code [N, H, W, C] -> [N, H, W, C]}.
 *
 * <p>As in timm, a window at least as large as the map that the block is built for shrinks to that
 * map and is not shifted; maps of any other size are padded with zeros at the bottom and right
 * after the roll.
 */
public final class SwinBlock extends Module {
  private static final double EPS = 1e-5;

  private final int windowHeight;
  private final int windowWidth;
  private final int shiftY;
  private final int shiftX;
  private final LayerNorm norm1;
  private final WindowAttention attention;
  private final LayerNorm norm2;
  private final Mlp mlp;
  private final DropPath dropPath1;
  private final DropPath dropPath2;
  private final Map<MaskKey, Tensor> masks = new ConcurrentHashMap<>();

  private record MaskKey(int rows, int columns, Backend backend) {}

  /**
   * @param dim C
   * @param height rows of the map that the block is built for
   * @param width columns of it
   * @param window side of a window
   * @param shift how far windows are shifted, 0 or half a window
   * @param mlpRatio hidden width of the perceptron over C
   * @param dropPath probability of dropping a branch while training
   */
  public SwinBlock(
      int dim,
      int height,
      int width,
      int heads,
      int window,
      int shift,
      double mlpRatio,
      double dropPath) {
    this.windowHeight = Math.min(window, height);
    this.windowWidth = Math.min(window, width);
    this.shiftY = height <= window ? 0 : shift;
    this.shiftX = width <= window ? 0 : shift;
    this.norm1 = child("norm1", new LayerNorm(dim, EPS));
    this.attention = child("attn", new WindowAttention(dim, heads, windowHeight, windowWidth));
    this.dropPath1 = child("drop_path1", new DropPath(dropPath));
    this.norm2 = child("norm2", new LayerNorm(dim, EPS));
    this.mlp = child("mlp", new Mlp(dim, (int) (dim * mlpRatio), dim, Activation.GELU));
    this.dropPath2 = child("drop_path2", new DropPath(dropPath));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x.add(dropPath1.apply(windows(norm1.apply(x))));
    return y.add(dropPath2.apply(mlp.apply(norm2.apply(y))));
  }

  private Tensor windows(Tensor x) {
    int h = x.dim(1);
    int w = x.dim(2);
    int c = x.dim(3);
    int rows = (h + windowHeight - 1) / windowHeight * windowHeight;
    int columns = (w + windowWidth - 1) / windowWidth * windowWidth;
    Tensor y = x.roll(1, -shiftY).roll(2, -shiftX);
    if (rows != h || columns != w) {
      y = y.pad(new int[4], new int[] {0, rows - h, columns - w, 0}, 0);
    }
    Tensor cut =
        Windows.partition(y, windowHeight, windowWidth).reshape(-1, windowHeight * windowWidth, c);
    Tensor attended = attention.attend(cut, mask(rows, columns, x.backend()));
    y = Windows.merge(attended.reshape(-1, windowHeight, windowWidth, c), rows, columns);
    return y.slice(1, 0, h).slice(2, 0, w).roll(1, shiftY).roll(2, shiftX);
  }

  private Tensor mask(int rows, int columns, Backend backend) {
    if (shiftY == 0 && shiftX == 0) {
      return null;
    }
    return masks.computeIfAbsent(
        new MaskKey(rows, columns, backend),
        key ->
            Windows.shiftMask(rows, columns, windowHeight, windowWidth, shiftY, shiftX)
                .to(backend)
                .persist());
  }
}
