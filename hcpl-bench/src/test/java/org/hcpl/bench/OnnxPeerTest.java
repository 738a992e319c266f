package org.hcpl.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.hcpl.models.export.OnnxModel;
import org.hcpl.tensor.cpu.Conv2dForward;
import org.hcpl.tensor.cpu.Gemm;
import org.hcpl.tensor.cpu.PackedConv2d;
import org.hcpl.tensor.op.ConvGeometry;
import org.junit.jupiter.api.Test;

/** The models written here mean what our kernels compute: ONNX Runtime as an independent oracle. */
class OnnxPeerTest {
  @Test
  void productsAgree() {
    Random random = new Random(1);
    float[] a = Inputs.random(random, 5 * 3);
    float[] b = Inputs.random(random, 3 * 7);
    float[] c = new float[5 * 7];
    Gemm.run(5, 7, 3, a, b, c);
    try (OnnxPeer peer = OnnxPeer.gemm(5, 7, 3, a, b, 1)) {
      peer.run();
      FloatBuffer result = peer.result();
      for (float value : c) {
        assertThat(result.get()).isCloseTo(value, within(1e-6f));
      }
    }
  }

  @Test
  void convolutionsAgree() {
    for (ConvGeometry g :
        new ConvGeometry[] {
          ConvGeometry.square(1, 16, 16, 32, 48, 3, 1, 1),
          new ConvGeometry(2, 9, 11, 6, 8, 3, 2, 2, 1, 1, 0, 2, 1, 1, 2, 2)
        }) {
      Random random = new Random(2);
      float[] x = Inputs.random(random, g.inputSize());
      float[] w = Inputs.random(random, g.weightSize());
      float[] y = new float[g.outputSize()];
      Conv2dForward.run(g, x, 0, PackedConv2d.of(g, w, 0), y, 0, null);
      float[] expected = Inputs.channelsFirst(y, g.n(), g.outH() * g.outW(), g.outC());
      try (OnnxPeer peer =
          OnnxPeer.conv(
              g,
              Inputs.channelsFirst(x, g.n(), g.h() * g.w(), g.c()),
              Inputs.weightsChannelsFirst(g, w),
              1,
              true)) {
        peer.run();
        FloatBuffer result = peer.result();
        for (float value : expected) {
          assertThat(result.get()).as(g.toString()).isCloseTo(value, within(2e-5f));
        }
      }
    }
  }

  @Test
  void anInitializerOfTheWrongSizeIsRefused() {
    assertThatThrownBy(() -> new OnnxModel("x").initializer("w", new float[5], 2, 3))
        .hasMessage("onnx: initializer w has 5 values, its shape holds 6 (expected: the same)");
  }
}
