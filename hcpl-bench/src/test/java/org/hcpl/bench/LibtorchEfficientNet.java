package org.hcpl.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * EfficientNet-B0 (Tan and Le, 2019, arXiv 1905.11946, table 1) in DJL's blocks, channels first:
 * the definition of {@link org.hcpl.models.backbone.EfficientNet}, its parameters in the same
 * order.
 */
final class LibtorchEfficientNet {
  /** A stage: kernel, stride of its first block, expansion, output channels, blocks. */
  private static final int[][] STAGES = {
    {3, 1, 1, 16, 1},
    {3, 2, 6, 24, 2},
    {5, 2, 6, 40, 2},
    {3, 2, 6, 80, 3},
    {5, 1, 6, 112, 3},
    {5, 2, 6, 192, 4},
    {3, 1, 6, 320, 1}
  };

  private static final int STEM = 32;
  private static final int HEAD = 1280;

  private LibtorchEfficientNet() {}

  static Block b0(int classes) {
    SequentialBlock network = new SequentialBlock();
    network.add(conv(STEM, 3, 2, 1, false)).add(norm()).addSingleton(LibtorchEfficientNet::silu);
    int in = STEM;
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[4]; i++) {
        int stride = i == 0 ? stage[1] : 1;
        SequentialBlock body = bottleneck(in, stage[2], stage[0], stride, stage[3]);
        boolean skip = stride == 1 && in == stage[3];
        network.add(skip ? join(NDArray::add, body, Blocks.identityBlock()) : body);
        in = stage[3];
      }
    }
    return network
        .add(conv(HEAD, 1, 1, 1, false))
        .add(norm())
        .addSingleton(LibtorchEfficientNet::silu)
        .addSingleton(LibtorchEfficientNet::pool)
        .add(Linear.builder().setUnits(classes).build());
  }

  /** Whether a child of {@link #b0} ends what is one layer in our network. */
  static boolean endsLayer(int index, int children) {
    boolean inStem = index == 1;
    boolean inHead = index == children - 4 || index == children - 2;
    return !inStem && !inHead;
  }

  private static SequentialBlock bottleneck(int in, int expand, int kernel, int stride, int out) {
    int middle = in * expand;
    SequentialBlock block = new SequentialBlock();
    if (expand != 1) {
      block.add(conv(middle, 1, 1, 1, false)).add(norm()).addSingleton(LibtorchEfficientNet::silu);
    }
    block
        .add(conv(middle, kernel, stride, middle, false))
        .add(norm())
        .addSingleton(LibtorchEfficientNet::silu);
    SequentialBlock gate =
        new SequentialBlock()
            .addSingleton(x -> pool(x).expandDims(2).expandDims(3))
            .add(conv(in / 4, 1, 1, 1, true))
            .addSingleton(LibtorchEfficientNet::silu)
            .add(conv(middle, 1, 1, 1, true))
            .addSingleton(Activation::sigmoid);
    return block
        .add(join(NDArray::mul, Blocks.identityBlock(), gate))
        .add(conv(out, 1, 1, 1, false))
        .add(norm());
  }

  private static Block join(BinaryOperator<NDArray> operation, Block first, Block second) {
    return new ParallelBlock(
        results ->
            new NDList(
                operation.apply(
                    results.get(0).singletonOrThrow(), results.get(1).singletonOrThrow())),
        List.of(first, second));
  }

  private static Block conv(int filters, int kernel, int stride, int groups, boolean bias) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .optGroups(groups)
        .optBias(bias)
        .build();
  }

  private static Block norm() {
    return BatchNorm.builder().optEpsilon(1e-5f).build();
  }

  /** Mean of each channel, {@code [N, C]}: DJL's mean takes one axis. */
  private static NDArray pool(NDArray x) {
    return x.reshape(x.getShape().get(0), x.getShape().get(1), -1).mean(new int[] {2});
  }

  /** DJL has no operation for it; its swish would multiply by beta besides. */
  private static NDArray silu(NDArray x) {
    return x.mul(Activation.sigmoid(x));
  }
}
