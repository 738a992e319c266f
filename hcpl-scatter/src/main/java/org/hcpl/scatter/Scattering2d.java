package org.hcpl.scatter;

import org.hcpl.nn.Module;
import org.hcpl.tensor.Tensor;

/**
 * A layer of wavelet scattering, without parameters: {@code [N, H, W, C] -> [N, H / 2^J, W / 2^J, C
 * * K]}; see {@link Scattering}.
 */
public final class Scattering2d extends Module {
  private final Scattering transform;

  /**
   * @param scales the number of octaves J
   * @param angles the number of orientations L; the wavelets are designed for 8
   * @param order 1 or 2
   */
  public Scattering2d(int scales, int angles, int order) {
    transform = new Scattering(scales, angles, order);
  }

  /** K, the number of output channels for one of the input. */
  public int paths() {
    return transform.paths();
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.run(transform, x);
  }
}
