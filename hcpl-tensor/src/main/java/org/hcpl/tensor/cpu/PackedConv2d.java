package org.hcpl.tensor.cpu;

import org.hcpl.tensor.op.ConvGeometry;

/**
 * The weights of one convolution, made ready once for many runs: a copy in the order the kernels
 * want, for images of any batch size.
 */
public final class PackedConv2d {
  private final ConvGeometry geometry;
  private final PackedB[] groups;

  private PackedConv2d(ConvGeometry geometry, PackedB[] groups) {
    this.geometry = geometry;
    this.groups = groups;
  }

  /** Packs weights {@code [outC, kH, kW, c / groups]}. */
  public static PackedConv2d of(ConvGeometry geometry, float[] w, int wOff) {
    return of(MicroKernel.best(), geometry, w, wOff);
  }

  static PackedConv2d of(MicroKernel kernel, ConvGeometry geometry, float[] w, int wOff) {
    Conv2dForward.check("weights", geometry.weightSize(), w, wOff);
    int taps = geometry.taps();
    PackedB[] groups = new PackedB[geometry.groups()];
    for (int group = 0; group < groups.length; group++) {
      int first = wOff + group * geometry.groupOutC() * taps;
      PanelSource source = PanelSource.transposed(w, first, taps);
      groups[group] = PackedB.of(kernel, taps, geometry.groupOutC(), source);
    }
    return new PackedConv2d(geometry, groups);
  }

  /** The convolution it was made for; its batch size does not bind. */
  public ConvGeometry geometry() {
    return geometry;
  }

  /** Floats of the copy. */
  public long size() {
    long sum = 0;
    for (PackedB group : groups) {
      sum += group.size();
    }
    return sum;
  }

  PackedB group(int group) {
    return groups[group];
  }
}
