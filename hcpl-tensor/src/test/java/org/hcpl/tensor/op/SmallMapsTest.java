package org.hcpl.tensor.op;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.testing.OpCheck;
import org.junit.jupiter.api.Test;

/**
 * Convolutions and pooling on maps smaller than their kernels, as the last stages of networks on
 * small crops have them.
 */
class SmallMapsTest {
  @Test
  void poolingInCeilModeAgreesWithTheReference() {
    for (int h = 1; h <= 3; h++) {
      for (int w = 1; w <= 3; w++) {
        for (int k = 2; k <= 5; k++) {
          for (int padding = 0; padding <= k / 2; padding++) {
            // With this stride PyTorch has one window, even where the image does not fill it.
            PoolOptions options = PoolOptions.of(k).stride(k).padding(padding).ceilMode(true);
            Shape x = Shape.of(2, h, w, 19);
            OpCheck.of(new MaxPool2d(options), x).notSmooth().check();
            OpCheck.of(new AvgPool2d(options), x).sums(k * k).check();
            OpCheck.of(new AvgPool2d(options.countIncludePad(false)), x).sums(k * k).check();
          }
        }
      }
    }
  }

  @Test
  void depthwiseConvolutionsAgreeWithTheReference() {
    for (int h = 1; h <= 4; h++) {
      for (int w = 1; w <= 4; w++) {
        for (int k : new int[] {3, 5}) {
          for (int stride = 1; stride <= 2; stride++) {
            for (ConvOptions padding :
                new ConvOptions[] {
                  ConvOptions.DEFAULT.padding(k / 2), ConvOptions.DEFAULT.same()
                }) {
              for (int c : new int[] {3, 16, 40}) {
                OpCheck.of(
                        new Conv2d(padding.stride(stride).groups(c)),
                        Shape.of(2, h, w, c),
                        Shape.of(c, k, k, 1))
                    .sums(2 * k * k)
                    .notSmooth()
                    .check();
              }
            }
          }
        }
      }
    }
  }
}
