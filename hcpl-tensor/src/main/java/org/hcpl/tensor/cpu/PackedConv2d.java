package org.hcpl.tensor.cpu;

import org.hcpl.tensor.op.ConvGeometry;

/**
 * The weights of one convolution, made ready once for many runs: a copy in the order the kernels
 * want, for images of any batch size.
 */
public final class PackedConv2d implements WeightCache.Packed {
  private final ConvGeometry geometry;
  private final PackedB[] groups;
  private final Winograd winograd;

  private PackedConv2d(ConvGeometry geometry, PackedB[] groups, Winograd winograd) {
    this.geometry = geometry;
    this.groups = groups;
    this.winograd = winograd;
  }

  /**
   * Packs weights {@code [outC, kH, kW, c / groups]}, for Winograd's algorithm where that is
   * faster.
   */
  public static PackedConv2d of(ConvGeometry geometry, float[] w, int wOff) {
    if (Winograd.suits(geometry)) {
      return winograd(geometry, w, wOff);
    }
    return of(MicroKernel.best(), geometry, w, wOff);
  }

  static PackedConv2d winograd(ConvGeometry geometry, float[] w, int wOff) {
    Conv2dForward.check("weights", geometry.weightSize(), w, wOff);
    Winograd winograd = new Winograd(MicroKernel.best(), geometry, w, wOff);
    return new PackedConv2d(geometry, null, winograd);
  }

  /** For the direct sum. */
  static PackedConv2d of(MicroKernel kernel, ConvGeometry geometry, float[] w, int wOff) {
    Conv2dForward.check("weights", geometry.weightSize(), w, wOff);
    int taps = geometry.taps();
    PackedB[] groups = new PackedB[geometry.groups()];
    for (int group = 0; group < groups.length; group++) {
      PanelSource source = source(geometry, group, w, wOff);
      groups[group] = PackedB.of(kernel, taps, geometry.groupOutC(), source);
    }
    return new PackedConv2d(geometry, groups, null);
  }

  /** The weights of a group as right matrix {@code [kH * kW * c / groups, outC / groups]}. */
  static PanelSource source(ConvGeometry geometry, int group, float[] w, int wOff) {
    int taps = geometry.taps();
    return PanelSource.transposed(w, wOff + group * geometry.groupOutC() * taps, taps);
  }

  /**
   * The weights of a 1x1 convolution for an input that is yet to be multiplied by a gate: times the
   * gate's value of their input channel. In memory of this thread, until the next call.
   *
   * @param gate a value an input channel from {@code gateOff} on
   */
  PackedConv2d gated(float[] gate, int gateOff) {
    return new PackedConv2d(geometry, new PackedB[] {groups[0].scaled(gate, gateOff)}, null);
  }

  /** The convolution it was made for; its batch size does not bind. */
  public ConvGeometry geometry() {
    return geometry;
  }

  /** Floats of the copy. */
  @Override
  public long floats() {
    if (winograd != null) {
      return winograd.size();
    }
    long sum = 0;
    for (PackedB group : groups) {
      sum += group.floats();
    }
    return sum;
  }

  /** The weights for Winograd's algorithm; null where the direct sum is taken. */
  Winograd winograd() {
    return winograd;
  }

  PackedB group(int group) {
    return groups[group];
  }
}
