package org.hcpl.tensor.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.op.AdaptiveAvgPool2d;
import org.hcpl.tensor.op.AvgPool2d;
import org.hcpl.tensor.op.AvgPool2dGradient;
import org.hcpl.tensor.op.BatchNorm;
import org.hcpl.tensor.op.BatchNormTrain;
import org.hcpl.tensor.op.BatchNormTrainGradient;
import org.hcpl.tensor.op.BatchNormTrainSums;
import org.hcpl.tensor.op.Binary;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dBatchNorm;
import org.hcpl.tensor.op.Conv2dInputGradient;
import org.hcpl.tensor.op.Conv2dWeightGradient;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LayerNormGradient;
import org.hcpl.tensor.op.LayerNormSums;
import org.hcpl.tensor.op.Linear;
import org.hcpl.tensor.op.LogSoftmax;
import org.hcpl.tensor.op.LogSoftmaxGradient;
import org.hcpl.tensor.op.LogSumExp;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxGradient;
import org.hcpl.tensor.op.MaxPool2d;
import org.hcpl.tensor.op.MaxPool2dGradient;
import org.hcpl.tensor.op.Moments;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.Resize;
import org.hcpl.tensor.op.ResizeGradient;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.SoftmaxGradient;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.SumOfProducts;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.spi.CpuKernel;

/**
 * Which operation runs by which fast kernel: one line each. A primitive without a line runs by its
 * reference kernel, another operation by its definition.
 */
final class FastKernels {
  private static final boolean VECTORS = VectorSupport.available();
  private static final Map<Class<?>, Function<Op, CpuKernel>> TABLE = new ConcurrentHashMap<>();

  static {
    add(MatMul.class, FastProducts::matMul);
    add(Linear.class, op -> FastProducts::linear);
    add(Conv2d.class, FastConv2d::forward);
    add(Conv2dInputGradient.class, FastConv2d::inputGradient);
    add(Conv2dWeightGradient.class, FastConv2d::weightGradient);
    add(Sum.class, FastReduce::sum);
    add(Max.class, FastReduce::max);
    add(MaxGradient.class, FastReduce::maxGradient);
    add(Permute.class, FastMovement::permute);
    add(BroadcastTo.class, FastMovement::broadcast);
    add(Slice.class, FastMovement::slice);
    add(Pad.class, FastMovement::pad);
    add(Concat.class, FastMovement::concat);
    add(Gather.class, FastMovement::gather);
    add(ScatterAdd.class, FastMovement::scatterAdd);
    add(Unfold.class, FastMovement::unfold);
    add(Fold.class, FastMovement::fold);
    if (VECTORS) {
      addVectorKernels();
    }
  }

  /** Without vectors the definitions of these run, which are made of the above. */
  private static void addVectorKernels() {
    add(SumOfProducts.class, FastReduce::sumOfProducts);
    add(Conv2dBatchNorm.class, FastConv2d::batchNorm);
    add(Moments.class, op -> FastNorm::moments);
    add(BatchNorm.class, FastNorm::batchNorm);
    add(BatchNormTrain.class, FastNorm::batchNormTrain);
    add(BatchNormTrainSums.class, FastNorm::batchNormTrainSums);
    add(BatchNormTrainGradient.class, FastNorm::batchNormTrainGradient);
    add(LayerNorm.class, FastNorm::layerNorm);
    add(LayerNormGradient.class, FastNorm::layerNormGradient);
    add(LayerNormSums.class, FastNorm::layerNormSums);
    add(Softmax.class, FastSoftmax::softmax);
    add(LogSoftmax.class, FastSoftmax::logSoftmax);
    add(LogSumExp.class, FastSoftmax::logSumExp);
    add(SoftmaxGradient.class, FastSoftmax::softmaxGradient);
    add(LogSoftmaxGradient.class, FastSoftmax::logSoftmaxGradient);
    add(MaxPool2d.class, FastPool::max);
    add(MaxPool2dGradient.class, FastPool::maxGradient);
    add(AvgPool2d.class, FastPool::average);
    add(AvgPool2dGradient.class, FastPool::averageGradient);
    add(AdaptiveAvgPool2d.class, FastPool::adaptiveAverage);
    add(Resize.class, FastResize::forward);
    add(ResizeGradient.class, FastResize::gradient);
  }

  private FastKernels() {}

  static <O extends Op> void add(Class<O> type, Function<O, CpuKernel> kernel) {
    TABLE.put(type, op -> kernel.apply(type.cast(op)));
  }

  /** The kernel, or null. */
  static CpuKernel find(Op op) {
    if (op instanceof Unary unary) {
      CpuKernel kernel = VECTORS ? VectorTable.unary(unary) : null;
      return kernel != null ? kernel : FastElementwise.unary(unary);
    }
    if (op instanceof UnaryGradient gradient) {
      CpuKernel kernel = VECTORS ? VectorTable.gradient(gradient) : null;
      return kernel != null ? kernel : FastElementwise.gradient(gradient);
    }
    if (op instanceof Binary binary) {
      CpuKernel kernel = VECTORS ? VectorTable.binary(binary) : null;
      return kernel != null ? kernel : FastElementwise.binary(binary);
    }
    Function<Op, CpuKernel> entry = TABLE.get(op.getClass());
    return entry == null ? null : entry.apply(op);
  }
}
