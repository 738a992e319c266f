package org.hcpl.scatter;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.Span;

/**
 * The gradient of {@link Scattering} in its input: inputs x {@code [N, H, W, C]} and the gradient
 * of the output, result {@code [N, H, W, C]}. The transform is computed again, path by path, so
 * that no path's intermediate images are kept. It has no gradient itself.
 */
record ScatteringGradient(Scattering transform) implements Primitive, HasCpuKernel {
  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    inputs.get(1).require("scatteringGradient", "dy", transform.shape(List.of(x)));
    return x;
  }

  @Override
  public CpuKernel cpuKernel() {
    return (in, out) -> {
      Shape x = in[0].shape();
      Cascade cascade = transform.cascade(x);
      Scattering.forEachPlane(
          x,
          (image, channel) ->
              writePlane(
                  out,
                  image,
                  channel,
                  cascade.gradient(
                      Scattering.plane(in[0], image, channel),
                      transform.readPaths(in[1], image, channel))));
    };
  }

  private static void writePlane(Span out, int image, int channel, double[] values) {
    int to = image * values.length * out.dim(3) + channel;
    for (int i = 0; i < values.length; i++) {
      out.set(to + i * out.dim(3), (float) values[i]);
    }
  }
}
