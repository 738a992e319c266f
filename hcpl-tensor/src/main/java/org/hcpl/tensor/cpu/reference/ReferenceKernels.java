package org.hcpl.tensor.cpu.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.hcpl.tensor.Op;
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
import org.hcpl.tensor.op.Conv2dInputGradient;
import org.hcpl.tensor.op.Conv2dWeightGradient;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.LayerNorm;
import org.hcpl.tensor.op.LayerNormGradient;
import org.hcpl.tensor.op.LayerNormSums;
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
import org.hcpl.tensor.op.Reshape;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Softmax;
import org.hcpl.tensor.op.SoftmaxGradient;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.spi.CpuKernel;

/**
 * The plain kernels, in double precision, of every primitive and of larger operations that many
 * sums go through: what other kernels are tested against, and never removed.
 */
public final class ReferenceKernels {
  private static final Map<Class<?>, Function<Op, CpuKernel>> TABLE = new HashMap<>();

  static {
    add(UnaryGradient.class, ReferenceElementwise::gradient);
    add(Sum.class, ReferenceReduce::sum);
    add(Max.class, ReferenceReduce::max);
    add(MaxGradient.class, ReferenceReduce::maxGradient);
    add(Reshape.class, op -> ReferenceMovement::copy);
    add(Permute.class, ReferenceMovement::permute);
    add(BroadcastTo.class, op -> ReferenceMovement::broadcast);
    add(Slice.class, ReferenceMovement::slice);
    add(Pad.class, ReferenceMovement::pad);
    add(Concat.class, ReferenceMovement::concat);
    add(Gather.class, ReferenceMovement::gather);
    add(ScatterAdd.class, ReferenceMovement::scatterAdd);
    add(MatMul.class, ReferenceMatMul::of);
    add(Unfold.class, ReferenceWindow::unfold);
    add(Fold.class, ReferenceWindow::fold);
    add(Conv2d.class, ReferenceConv2d::forward);
    add(Conv2dInputGradient.class, ReferenceConv2d::inputGradient);
    add(Conv2dWeightGradient.class, ReferenceConv2d::weightGradient);
    add(Moments.class, op -> ReferenceNorm::moments);
    add(BatchNorm.class, ReferenceNorm::batchNorm);
    add(BatchNormTrain.class, ReferenceNorm::batchNormTrain);
    add(BatchNormTrainSums.class, ReferenceNorm::batchNormTrainSums);
    add(BatchNormTrainGradient.class, ReferenceNorm::batchNormTrainGradient);
    add(LayerNorm.class, ReferenceNorm::layerNorm);
    add(LayerNormGradient.class, ReferenceNorm::layerNormGradient);
    add(LayerNormSums.class, ReferenceNorm::layerNormSums);
    add(Softmax.class, ReferenceSoftmax::softmax);
    add(SoftmaxGradient.class, ReferenceSoftmax::softmaxGradient);
    add(LogSoftmax.class, ReferenceSoftmax::logSoftmax);
    add(LogSoftmaxGradient.class, ReferenceSoftmax::logSoftmaxGradient);
    add(LogSumExp.class, ReferenceSoftmax::logSumExp);
    add(MaxPool2d.class, ReferencePool::max);
    add(MaxPool2dGradient.class, ReferencePool::maxGradient);
    add(AvgPool2d.class, ReferencePool::average);
    add(AvgPool2dGradient.class, ReferencePool::averageGradient);
  }

  private ReferenceKernels() {}

  private static <O extends Op> void add(Class<O> type, Function<O, CpuKernel> kernel) {
    TABLE.put(type, op -> kernel.apply(type.cast(op)));
  }

  /** The kernel, or null if the operation is its definition only. */
  public static CpuKernel find(Op op) {
    if (op instanceof Unary unary) {
      return ReferenceElementwise.unary(unary);
    }
    if (op instanceof Binary binary) {
      return ReferenceElementwise.binary(binary);
    }
    Function<Op, CpuKernel> entry = TABLE.get(op.getClass());
    return entry == null ? null : entry.apply(op);
  }
}
