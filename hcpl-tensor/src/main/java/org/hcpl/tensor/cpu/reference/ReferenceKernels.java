package org.hcpl.tensor.cpu.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.op.Binary;
import org.hcpl.tensor.op.BroadcastTo;
import org.hcpl.tensor.op.Concat;
import org.hcpl.tensor.op.Conv2d;
import org.hcpl.tensor.op.Conv2dInputGradient;
import org.hcpl.tensor.op.Conv2dWeightGradient;
import org.hcpl.tensor.op.Fold;
import org.hcpl.tensor.op.Gather;
import org.hcpl.tensor.op.MatMul;
import org.hcpl.tensor.op.Max;
import org.hcpl.tensor.op.MaxGradient;
import org.hcpl.tensor.op.Pad;
import org.hcpl.tensor.op.Permute;
import org.hcpl.tensor.op.Reshape;
import org.hcpl.tensor.op.ScatterAdd;
import org.hcpl.tensor.op.Slice;
import org.hcpl.tensor.op.Sum;
import org.hcpl.tensor.op.Unary;
import org.hcpl.tensor.op.UnaryGradient;
import org.hcpl.tensor.op.Unfold;
import org.hcpl.tensor.spi.CpuKernel;

/**
 * The plain kernel of every primitive, in double precision: what other kernels are tested against,
 * and never removed.
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
