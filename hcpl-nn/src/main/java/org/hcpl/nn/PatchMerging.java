package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/**
 * Swin's downsampling (Liu et al. 2021) with timm's names: the four pixels of each 2x2 cell side by
 * side, {@code norm}, then {@code reduction} without bias; {@code [N, H, W, C] -> [N, H/2, W/2,
 * out]}, odd sizes padded with zeros at the bottom and right.
 */
public final class PatchMerging extends Module {
  private final LayerNorm norm;
  private final Linear reduction;

  public PatchMerging(int in, int out) {
    this.norm = child("norm", new LayerNorm(4 * in, 1e-5));
    this.reduction = child("reduction", new Linear(4 * in, out, false));
  }

  @Override
  public Tensor forward(Tensor x) {
    int h = x.dim(1);
    int w = x.dim(2);
    Tensor even = x;
    if (h % 2 != 0 || w % 2 != 0) {
      even = x.pad(new int[4], new int[] {0, h % 2, w % 2, 0}, 0);
    }
    int n = even.dim(0);
    int rows = even.dim(1) / 2;
    int columns = even.dim(2) / 2;
    int c = even.dim(3);
    // The order within a cell, as (row, column): (0,0), (1,0), (0,1), (1,1).
    Tensor cells =
        even.reshape(n, rows, 2, columns, 2, c)
            .permute(0, 1, 3, 4, 2, 5)
            .reshape(n, rows, columns, 4 * c);
    return reduction.apply(norm.apply(cells));
  }
}
