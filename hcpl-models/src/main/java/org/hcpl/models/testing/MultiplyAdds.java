package org.hcpl.models.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.Attention;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dBatchNorm;
import org.hcpl.tensor.op.Linear;
import org.hcpl.tensor.op.MatMul;

/**
 * Counts multiply-accumulates: those of convolutions, matrix products and attention; norms, pools,
 * activations and biases count nothing, taps on padding count in full.
 */
public final class MultiplyAdds {
  private MultiplyAdds() {}

  /** What {@code work} does on this thread. */
  public static long of(Runnable work) {
    AtomicLong count = new AtomicLong();
    Thread self = Thread.currentThread();
    try (Dispatch.Observation observation =
        Dispatch.observe(
            event -> {
              // What lies deeper is part of an operation that has been counted.
              if (event.depth() == 0 && Thread.currentThread() == self) {
                count.addAndGet(of(event));
              }
            })) {
      work.run();
    }
    return count.get();
  }

  private static long of(Dispatch.Event event) {
    List<Tensor> inputs = event.inputs();
    long outputs = event.output().size();
    return switch (event.op()) {
      case Conv2d convolution -> outputs / inputs.get(1).dim(0) * inputs.get(1).size();
      case Conv2dBatchNorm both -> outputs / inputs.get(1).dim(0) * inputs.get(1).size();
      case Linear linear -> outputs / inputs.get(1).dim(0) * inputs.get(1).size();
      case MatMul product -> outputs * inputs.get(0).dim(product.transposeA() ? -2 : -1);
      case Attention attention ->
          (long) inputs.get(0).size() * inputs.get(1).dim(-2) + outputs * inputs.get(1).dim(-2);
      default -> 0;
    };
  }
}
