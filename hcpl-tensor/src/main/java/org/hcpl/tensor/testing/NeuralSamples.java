package org.hcpl.tensor.testing;

import java.util.List;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.op.AdaptiveAvgPool2d;
import org.hcpl.tensor.op.Attention;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.AvgPool2dGradient;
import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BatchNormTrain;
import org.hcpl.tensor.op.BatchNormTrainGradient;
import org.hcpl.tensor.op.BatchNormTrainSums;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dBatchNorm;
import org.hcpl.tensor.op.Conv2dInputGradient;
import org.hcpl.tensor.op.Conv2dWeightGradient;
import org.hcpl.tensor.op.ConvOptions;
import org.hcpl.tensor.op.Elu;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Gelu;
import org.hcpl.tensor.op.GeluTanh;
import org.hcpl.tensor.op.GroupNorm;
import org.hcpl.tensor.op.HardSigmoid;
import org.hcpl.tensor.op.HardSwish;
import org.hcpl.tensor.op.Identity;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LayerNormGradient;
import org.hcpl.tensor.op.LayerNormSums;
import org.hcpl.tensor.op.LeakyRelu;
import org.hcpl.tensor.op.Linear;
import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSoftmaxGradient;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.MaxPool2dGradient;
import org.hcpl.tensor.op.Mish;
import org.hcpl.tensor.op.Moments;
import org.hcpl.tensor.op.PoolOptions;
import org.hcpl.tensor.op.Relu;
import org.hcpl.tensor.op.Relu6;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.op.ResizeGradient;
import org.hcpl.tensor.op.Selu;
import org.hcpl.tensor.op.Silu;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.SoftmaxGradient;
import org.hcpl.tensor.op.Softplus;
import org.hcpl.tensor.op.SumOfProducts;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.op.Window;

/** The lines of {@link OpSamples} for the operations of neural networks. */
final class NeuralSamples {
  private static final Shape ODD = Shape.of(3, 5, 7);
  private static final Shape IMAGE = Shape.of(2, 5, 7, 6);
  private static final Shape CHANNELS = Shape.of(6);
  private static final Shape MOMENTS = Shape.of(2, 6);
  private static final ConvOptions STRIDED = ConvOptions.DEFAULT.stride(2, 1).padding(1, 2);
  private static final PoolOptions POOL = PoolOptions.of(3).stride(2).padding(1).ceilMode(true);
  private static final Window WINDOW = new Window(3, 2, 2, 1, 1, 0, 1, 1, 1, 2);

  private NeuralSamples() {}

  static List<OpCheck> activations() {
    return List.of(
        OpCheck.of(new Relu6(), ODD).values(-3, 9).notSmooth(),
        OpCheck.of(new LeakyRelu(0.1), ODD).notSmooth(),
        OpCheck.of(new Gelu(), ODD).values(-5, 5),
        // The rounding of the cubic argument comes back multiplied by about 5 |x| in the slope.
        OpCheck.of(new GeluTanh(), ODD).values(-5, 5).sums(25),
        OpCheck.of(new Elu(1.3), ODD).notSmooth(),
        OpCheck.of(new Selu(), ODD).notSmooth(),
        OpCheck.of(new Softplus(), ODD).values(-9, 9),
        OpCheck.of(new HardSigmoid(), ODD).values(-5, 5).notSmooth(),
        OpCheck.of(new HardSwish(), ODD).values(-5, 5).notSmooth(),
        OpCheck.of(new Mish(), ODD).values(-9, 9),
        OpCheck.of(new Identity(), ODD));
  }

  static List<OpCheck> windows() {
    return List.of(
        OpCheck.of(new Unfold(WINDOW), IMAGE)
            .refuses("input [3, 4] (expected: [N, H, W, C])", Shape.of(3, 4)),
        OpCheck.of(new Fold(WINDOW, 5, 7), Shape.of(2, 2, 7, 3, 2, 6))
            .sums(6)
            .refuses("expected: [2, 2, 7, 3, 2, 6]", Shape.of(2, 2, 6, 3, 2, 6)),
        OpCheck.of(new Conv2d(STRIDED), IMAGE, Shape.of(4, 3, 2, 6), Shape.of(4))
            .sums(150)
            .refuses("weight [4, 3, 2, 5], groups 1", IMAGE, Shape.of(4, 3, 2, 5))
            .refuses("bias [3] (expected: [4])", IMAGE, Shape.of(4, 3, 2, 6), Shape.of(3))
            .refuses("kernel 9x2 with dilation 1x1", IMAGE, Shape.of(4, 9, 2, 6)),
        OpCheck.of(
                new Conv2d(ConvOptions.DEFAULT.padding(0, 2, 1, 0).stride(2)),
                IMAGE,
                Shape.of(4, 3, 3, 6))
            .sums(150),
        OpCheck.of(
                new Conv2d(ConvOptions.DEFAULT.padding(2, 0, 0, 1).groups(6)),
                IMAGE,
                Shape.of(6, 3, 3, 1))
            .sums(100),
        OpCheck.of(
                new Conv2d(ConvOptions.DEFAULT.dilation(2).groups(2).same()),
                IMAGE,
                Shape.of(4, 3, 3, 3))
            .sums(100),
        OpCheck.of(
                new Conv2d(ConvOptions.DEFAULT.padding(2).groups(6).stride(2)),
                IMAGE,
                Shape.of(6, 5, 5, 1),
                CHANNELS)
            .sums(60),
        OpCheck.of(
                new Conv2d(ConvOptions.DEFAULT.padding(1).groups(6)), IMAGE, Shape.of(12, 3, 3, 1))
            .sums(60),
        OpCheck.of(new Conv2d(ConvOptions.DEFAULT), IMAGE, Shape.of(5, 1, 1, 6), Shape.of(5))
            .sums(70),
        OpCheck.of(
                new Conv2dInputGradient(STRIDED, 5, 7), Shape.of(2, 3, 10, 4), Shape.of(4, 3, 2, 6))
            .sums(60),
        OpCheck.of(new Conv2dWeightGradient(STRIDED, 3, 2), IMAGE, Shape.of(2, 3, 10, 4)).sums(60),
        OpCheck.of(new MaxPool2d(POOL), IMAGE)
            .notSmooth()
            .refuses("input [5] (expected: [N, H, W, C])", Shape.of(5)),
        OpCheck.of(new MaxPool2dGradient(POOL), IMAGE, Shape.of(2, 3, 4, 6)).noGradient().sums(4),
        OpCheck.of(new AvgPool2d(POOL.countIncludePad(false)), IMAGE).sums(9),
        OpCheck.of(new AvgPool2dGradient(POOL, 5, 7), Shape.of(2, 3, 4, 6)).sums(9),
        OpCheck.of(new AdaptiveAvgPool2d(3, 4), IMAGE)
            .sums(9)
            .refuses("to 3x4 (expected: at least 1x1 of each)", Shape.of(1, 0, 3, 2)),
        OpCheck.of(new Resize(8, 4, Resize.Mode.BILINEAR), IMAGE).sums(4),
        OpCheck.of(new Resize(3, 9, Resize.Mode.BILINEAR_ALIGN_CORNERS), IMAGE).sums(4),
        OpCheck.of(new Resize(8, 4, Resize.Mode.NEAREST), IMAGE).sums(4),
        OpCheck.of(new Resize(8, 4, Resize.Mode.NEAREST_EXACT), IMAGE).sums(4),
        OpCheck.of(new Resize(8, 4, Resize.Mode.BICUBIC), IMAGE).sums(16),
        OpCheck.of(new ResizeGradient(8, 4, Resize.Mode.BILINEAR), IMAGE).sums(9));
  }

  private static OpCheck gated(ConvOptions options, Shape weight) {
    Shape channels = Shape.of(weight.dim(0));
    Shape gate = Shape.of(IMAGE.dim(0), 1, 1, IMAGE.dim(3));
    Conv2dBatchNorm op = new Conv2dBatchNorm(options, 1e-3, new Silu());
    return OpCheck.of(op, IMAGE, weight, channels, channels, channels, channels, gate)
        .values(0.5, 2)
        .sums(130);
  }

  static List<OpCheck> norms() {
    return List.of(
        OpCheck.of(new Moments(), IMAGE)
            .sums(70)
            .refuses("at least one value a channel", Shape.of(0, 3)),
        OpCheck.of(
                new Conv2dBatchNorm(ConvOptions.DEFAULT.padding(1), 1e-3, new Silu()),
                IMAGE,
                Shape.of(5, 3, 3, 6),
                Shape.of(5),
                Shape.of(5),
                Shape.of(5),
                Shape.of(5))
            .values(0.5, 2)
            .sums(130)
            .refuses(
                "gamma [6] for input [2, 5, 7, 5] (expected: [5])",
                IMAGE,
                Shape.of(5, 3, 3, 6),
                Shape.of(5),
                Shape.of(5),
                CHANNELS,
                Shape.of(5)),
        OpCheck.of(
                new Conv2dBatchNorm(ConvOptions.DEFAULT.groups(6).stride(2), 1e-3, new Identity()),
                IMAGE,
                Shape.of(6, 3, 3, 1),
                CHANNELS,
                CHANNELS,
                CHANNELS,
                CHANNELS)
            .values(0.5, 2)
            .sums(80),
        // A gate into the weights, as pixels are more than output channels, and into the map.
        gated(ConvOptions.DEFAULT, Shape.of(5, 1, 1, 6))
            .refuses(
                "gate [2, 1, 1, 5] for input [2, 5, 7, 6] (expected: [2, 1, 1, 6])",
                IMAGE,
                Shape.of(5, 1, 1, 6),
                Shape.of(5),
                Shape.of(5),
                Shape.of(5),
                Shape.of(5),
                Shape.of(2, 1, 1, 5)),
        gated(ConvOptions.DEFAULT, Shape.of(40, 1, 1, 6)),
        gated(ConvOptions.DEFAULT.padding(1), Shape.of(5, 3, 3, 6)),
        gated(ConvOptions.DEFAULT.groups(6), Shape.of(6, 3, 3, 1)),
        OpCheck.of(new BatchNorm(1e-3), IMAGE, CHANNELS, CHANNELS, CHANNELS, CHANNELS)
            .values(0.5, 2)
            .sums(70)
            .refuses(
                "gamma [5] for input [2, 6] (expected: [6])",
                Shape.of(2, 6),
                CHANNELS,
                CHANNELS,
                Shape.of(5),
                CHANNELS),
        // The gradient takes the moments for functions of x, so they cannot be held for
        // differences.
        OpCheck.of(new BatchNormTrain(1e-3), IMAGE, MOMENTS, CHANNELS, CHANNELS)
            .values(0.5, 2)
            .sums(70)
            .notSmooth()
            .gradients(1)
            .refuses("moments [6]", IMAGE, CHANNELS, CHANNELS, CHANNELS),
        OpCheck.of(new BatchNormTrain(1e-3, new Silu()), IMAGE, MOMENTS, CHANNELS, CHANNELS)
            .values(0.5, 2)
            .sums(70)
            .notSmooth()
            .gradients(1),
        OpCheck.of(
                new BatchNormTrainSums(1e-3, new Identity()),
                IMAGE,
                MOMENTS,
                CHANNELS,
                CHANNELS,
                IMAGE)
            .values(0.5, 2)
            .sums(70)
            .gradients(2),
        OpCheck.of(
                new BatchNormTrainSums(1e-3, new Relu()), IMAGE, MOMENTS, CHANNELS, CHANNELS, IMAGE)
            .values(0.5, 2)
            .sums(70)
            .noGradient(),
        OpCheck.of(
                new BatchNormTrainGradient(1e-3, new Silu()),
                IMAGE,
                MOMENTS,
                CHANNELS,
                CHANNELS,
                MOMENTS,
                IMAGE)
            .values(0.5, 2)
            .sums(70)
            .noGradient(),
        OpCheck.of(
                new BatchNormTrainGradient(1e-3, new Relu()),
                IMAGE,
                MOMENTS,
                CHANNELS,
                CHANNELS,
                MOMENTS,
                IMAGE)
            .values(0.5, 2)
            .sums(70)
            .noGradient(),
        OpCheck.of(new BatchNorm(1e-3, new Silu()), IMAGE, CHANNELS, CHANNELS, CHANNELS, CHANNELS)
            .values(0.5, 2)
            .sums(70),
        OpCheck.of(new LayerNorm(1e-3), IMAGE, CHANNELS, CHANNELS)
            .sums(70)
            .refuses("beta [5]", IMAGE, CHANNELS, Shape.of(5)),
        OpCheck.of(new LayerNorm(1e-3), Shape.of(7), Shape.of(7), Shape.of(7)).sums(7),
        OpCheck.of(new LayerNormGradient(1e-3), IMAGE, CHANNELS, IMAGE).sums(70),
        OpCheck.of(new LayerNormSums(1e-3), IMAGE, IMAGE).sums(70),
        OpCheck.of(new GroupNorm(3, 1e-3), IMAGE, CHANNELS, CHANNELS)
            .sums(70)
            .refuses("3 groups of [2, 4]", Shape.of(2, 4), Shape.of(4), Shape.of(4)));
  }

  static List<OpCheck> products() {
    Shape q = Shape.of(2, 3, 5, 4);
    Shape k = Shape.of(2, 3, 6, 4);
    return List.of(
        OpCheck.of(new Softmax(1), ODD).sums(5),
        OpCheck.of(new Softmax(2), ODD).values(-5, 5).sums(7),
        OpCheck.of(new SoftmaxGradient(2), ODD, ODD).sums(7),
        OpCheck.of(new LogSoftmax(2), ODD).sums(7),
        OpCheck.of(new Softmax(1), Shape.of(3, 0, 7)),
        OpCheck.of(new LogSoftmax(2), Shape.of(3, 5, 0)),
        OpCheck.of(new LogSoftmaxGradient(2), ODD, ODD).sums(7),
        OpCheck.of(new LogSumExp(1), ODD).sums(5),
        OpCheck.of(new SumOfProducts(Shape.of(2, 1, 1, 6)), IMAGE, IMAGE).sums(35),
        OpCheck.of(new SumOfProducts(Shape.of(6)), IMAGE, IMAGE).sums(70),
        OpCheck.of(new SumOfProducts(Shape.of(1, 5, 1, 6)), IMAGE, IMAGE)
            .sums(14)
            .refuses("to [1, 5, 1, 6]", Shape.of(5, 6), Shape.of(5, 6)),
        OpCheck.of(new Linear(), ODD, Shape.of(4, 7), Shape.of(4))
            .sums(15)
            .refuses("input [3, 5], weight [4, 7]", Shape.of(3, 5), Shape.of(4, 7))
            .refuses("bias [7] (expected: [4])", ODD, Shape.of(4, 7), Shape.of(7)),
        OpCheck.of(new Attention(0.5), q, k, k, Shape.of(3, 5, 6))
            .sums(30)
            .refuses(
                "attention: q [2, 5, 4], k [2, 6, 3]",
                Shape.of(2, 5, 4),
                Shape.of(2, 6, 3),
                Shape.of(2, 6, 4))
            .refuses("bias [5, 5]", q, k, k, Shape.of(5, 5)));
  }
}
