package org.hcpl.nn.op;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Span;

/**
 * What operations with one value or one value a channel for each parameter share: the parameters
 * are {@code []}, {@code [1]} or {@code [C]}, C being the last axis of the first input.
 */
final class ChannelParameters {
  private ChannelParameters() {}

  /** Checks inputs 1 to {@code names.length}; returns the shape of input 0. */
  static Shape check(String op, List<Shape> inputs, String... names) {
    Shape x = inputs.get(0);
    for (int i = 0; i < names.length; i++) {
      Shape p = inputs.get(i + 1);
      boolean one = p.size() == 1 && p.rank() <= 1;
      boolean each = p.rank() == 1 && x.rank() > 0 && p.dim(0) == x.dim(-1);
      if (!one && !each) {
        throw new ShapeException(
            op
                + ": "
                + names[i]
                + " "
                + p
                + " for x "
                + x
                + " (expected: [] or one value a channel of the last axis)");
      }
    }
    return x;
  }

  /** The number of channels that kernels distinguish: 1 if every parameter is a single value. */
  static int channels(Shape x, List<Shape> parameters) {
    return parameters.stream().allMatch(p -> p.size() == 1) ? 1 : x.dim(-1);
  }

  /** The values of a parameter, one a channel. */
  static double[] perChannel(Span parameter, int channels) {
    double[] values = new double[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = parameter.get(parameter.size() == 1 ? 0 : c);
    }
    return values;
  }

  /** The sum of a full-size gradient over what a parameter was broadcast to. */
  static Tensor reduce(Tensor gradient, int channels) {
    return gradient.reshape(gradient.size() / Math.max(1, channels), channels).sum(false, 0);
  }

  /**
   * Takes {@code [size of x + count * channels]} apart: the gradients of x and of the parameters.
   */
  static Tensor[] unpack(Tensor packed, Tensor x, int channels, List<Shape> parameters) {
    Tensor[] gradients = new Tensor[1 + parameters.size()];
    gradients[0] = packed.slice(0, 0, x.size()).reshape(x.shape());
    for (int i = 0; i < parameters.size(); i++) {
      gradients[i + 1] =
          packed.slice(0, x.size() + i * channels, channels).sumTo(parameters.get(i));
    }
    return gradients;
  }
}
