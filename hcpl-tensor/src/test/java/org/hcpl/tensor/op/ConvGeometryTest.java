package org.hcpl.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.Test;

class ConvGeometryTest {
  @Test
  void sizesOfWellKnownLayers() {
    ConvGeometry stem = ConvGeometry.square(1, 224, 224, 3, 64, 7, 2, 3);
    assertThat(stem.outH()).isEqualTo(112);
    assertThat(stem.outW()).isEqualTo(112);
    assertThat(stem.taps()).isEqualTo(147);
    assertThat(stem.multiplyAdds()).isEqualTo(118_013_952L);
    assertThat(ConvGeometry.square(1, 7, 7, 8, 8, 1, 1, 0).isPointwise()).isTrue();
    assertThat(stem.isPointwise()).isFalse();
  }

  @Test
  void tensorFlowsSamePutsTheOddRowLast() {
    ConvGeometry g = ConvGeometry.same(1, 224, 7, 3, 8, 3, 5, 2, 2, 1, 1, 1);
    assertThat(g.outH()).isEqualTo(112);
    assertThat(g.padTop()).isZero();
    assertThat(g.padBottom()).isEqualTo(1);
    assertThat(g.outW()).isEqualTo(4);
    assertThat(g.padLeft()).isEqualTo(2);
    assertThat(g.padRight()).isEqualTo(2);
    // A stride longer than the kernel needs no padding.
    assertThat(ConvGeometry.samePadding(9, 1, 4, 1)).isZero();
    assertThat(ConvGeometry.samePadding(10, 3, 1, 2)).isEqualTo(4);
  }

  @Test
  void aDilatedKernelSpansMore() {
    ConvGeometry g = ConvGeometry.symmetric(2, 9, 9, 4, 4, 3, 3, 1, 1, 0, 0, 3, 2, 4);
    assertThat(g.outH()).isEqualTo(3);
    assertThat(g.outW()).isEqualTo(5);
    assertThat(g.groupC()).isEqualTo(1);
    assertThat(g.weightSize()).isEqualTo(4 * 9);
    assertThat(g.outPixels()).isEqualTo(30);
  }

  @Test
  void whatCannotBeIsRefusedWithItsValues() {
    assertThatThrownBy(() -> ConvGeometry.square(1, 4, 8, 3, 8, 7, 1, 1))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "conv2d: the kernel spans 7 rows of an input that has 6 with padding, from size 4,"
                + " padding 1 + 1, kernel 7, dilation 1 (expected: dilation * (kernel - 1) + 1 <="
                + " size + padding)");
    assertThatThrownBy(() -> ConvGeometry.symmetric(1, 8, 8, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 4))
        .hasMessage("conv2d: [c, outC, groups] [6, 8, 4] (expected: groups divides c and outC)");
    assertThatThrownBy(() -> ConvGeometry.square(1, 8, 8, 6, 0, 3, 1, 1))
        .hasMessage("conv2d: output channels 0 (expected: at least 1)");
    assertThatThrownBy(() -> ConvGeometry.square(1, 8, 8, 6, 8, 3, 0, 1))
        .hasMessage("conv2d: stride [0, 0] (expected: at least 1)");
  }
}
