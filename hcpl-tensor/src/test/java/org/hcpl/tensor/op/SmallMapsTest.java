package org.hcpl.tensor.op;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.testing.OpCheck;
import org.junit.jupiter.api.Test;

/**
 * Convolutions on maps smaller than their kernels, as the last stages of networks on small crops
 * have them.
 */
class SmallMapsTest {
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
