package org.hcpl.tensor.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.spi.CpuKernel;

/** Which operation runs by which fast kernel: one line each. */
final class FastKernels {
  private static final Map<Class<?>, Function<Op, CpuKernel>> TABLE = new ConcurrentHashMap<>();

  static {
    // An operation without a line runs by its reference kernel or its definition.
    // kernel.
  }

  private FastKernels() {}

  static <O extends Op> void add(Class<O> type, Function<O, CpuKernel> kernel) {
    TABLE.put(type, op -> kernel.apply(type.cast(op)));
  }

  /** The kernel, or null. */
  static CpuKernel find(Op op) {
    Function<Op, CpuKernel> entry = TABLE.get(op.getClass());
    return entry == null ? null : entry.apply(op);
  }
}
