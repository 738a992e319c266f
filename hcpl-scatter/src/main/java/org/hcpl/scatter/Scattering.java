package org.hcpl.scatter;

import java.util.List;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.Span;

/**
 * The scattering transform (Mallat 2012; Bruna and Mallat 2013): {@code [N, H, W, C] -> [N, H /
 * 2^J, W / 2^J, C * K]}, sides rounded down. Channel {@code c * K + k} is the k-th path of input
 * channel c, {@code K = 1 + L J + L^2 J (J - 1) / 2}, without the last term if the order is 1:
 *
 * <pre>
 *   x * phi,   |x * psi(j1, a1)| * phi,   ||x * psi(j1, a1)| * psi(j2, a2)| * phi with j2 &gt; j1
 * </pre>
 *
 * by j1, a1, j2, a2, the last fastest. Filters: {@link MorletBank}. Computed in double precision
 * and rounded once; images and channels run in parallel. Differentiable once, a magnitude of 0
 * having gradient 0.
 *
 * @param scales the number of octaves J; {@code 2^J} is at most the shorter side
 * @param angles the number of orientations L
 * @param order 1 or 2
 */
public record Scattering(int scales, int angles, int order) implements Primitive, HasCpuKernel {
  /**
   * @throws TensorException if a count is not positive or the order is neither 1 nor 2
   */
  public Scattering {
    if (scales < 1 || scales > 20 || angles < 1 || order < 1 || order > 2) {
      throw new TensorException(
          "scattering: scales "
              + scales
              + ", angles "
              + angles
              + ", order "
              + order
              + " (expected: scales 1 to 20, angles > 0, order 1 or 2)");
    }
  }

  /** Runs the transform. */
  public static Tensor of(Tensor x, int scales, int angles, int order) {
    return Tensor.run(new Scattering(scales, angles, order), x);
  }

  /** K, the number of output channels for one of the input. */
  public int paths() {
    return Cascade.channels(scales, angles, order);
  }

  @Override
  public Shape shape(List<Shape> inputs) {
    Shape x = inputs.get(0);
    if (x.rank() != 4 || x.dim(1) >> scales == 0 || x.dim(2) >> scales == 0) {
      throw new ShapeException(
          "scattering: input "
              + x
              + " with "
              + scales
              + " scales (expected: [N, H, W, C], H and W at least "
              + (1 << scales)
              + ")");
    }
    return Shape.of(x.dim(0), x.dim(1) >> scales, x.dim(2) >> scales, x.dim(3) * paths());
  }

  @Override
  public List<Tensor> gradient(List<Tensor> inputs, Tensor output, Tensor dOutput) {
    return List.of(Tensor.run(new ScatteringGradient(this), inputs.get(0), dOutput));
  }

  @Override
  public CpuKernel cpuKernel() {
    return (in, out) -> {
      Cascade cascade = cascade(in[0].shape());
      forEachPlane(
          in[0].shape(),
          (image, channel) ->
              writePaths(out, image, channel, cascade.forward(plane(in[0], image, channel))));
    };
  }

  Cascade cascade(Shape x) {
    return new Cascade(scales, angles, order, x.dim(1), x.dim(2));
  }

  /** What is done with one channel of one image. */
  @FunctionalInterface
  interface PlaneBody {
    void run(int image, int channel);
  }

  static void forEachPlane(Shape x, PlaneBody body) {
    int channels = x.dim(3);
    Parallel.forRange(
        x.dim(0) * channels,
        1,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            body.run(i / channels, i % channels);
          }
        });
  }

  static double[] plane(Span x, int image, int channel) {
    int channels = x.dim(3);
    double[] values = new double[x.dim(1) * x.dim(2)];
    int from = image * values.length * channels + channel;
    for (int i = 0; i < values.length; i++) {
      values[i] = x.get(from + i * channels);
    }
    return values;
  }

  private void writePaths(Span out, int image, int channel, double[][] results) {
    int pixels = out.dim(1) * out.dim(2);
    for (int i = 0; i < pixels; i++) {
      int to = (image * pixels + i) * out.dim(3) + channel * paths();
      for (int k = 0; k < results.length; k++) {
        out.set(to + k, (float) results[k][i]);
      }
    }
  }

  double[][] readPaths(Span dOut, int image, int channel) {
    int pixels = dOut.dim(1) * dOut.dim(2);
    double[][] results = new double[paths()][pixels];
    for (int i = 0; i < pixels; i++) {
      int from = (image * pixels + i) * dOut.dim(3) + channel * paths();
      for (int k = 0; k < results.length; k++) {
        results[k][i] = dOut.get(from + k);
      }
    }
    return results;
  }
}
