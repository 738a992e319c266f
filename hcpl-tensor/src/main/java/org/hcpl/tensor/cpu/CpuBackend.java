package org.hcpl.tensor.cpu;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.cpu.reference.ReferenceKernels;
import org.hcpl.tensor.spi.Backend;
import org.hcpl.tensor.spi.Buffer;
import org.hcpl.tensor.spi.CpuKernel;
import org.hcpl.tensor.spi.HasCpuKernel;
import org.hcpl.tensor.spi.HostBuffer;
import org.hcpl.tensor.spi.Support;

/**
 * Tensors in Java arrays. The fast backend takes kernels from {@link FastKernels} first, the
 * reference backend its own only.
 */
public final class CpuBackend implements Backend {
  private final String name;
  private final boolean fast;

  private CpuBackend(String name, boolean fast) {
    this.name = name;
    this.fast = fast;
  }

  public static CpuBackend fast() {
    return new CpuBackend("cpu", true);
  }

  public static CpuBackend reference() {
    return new CpuBackend("reference", false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Buffer allocate(int size) {
    return new CpuBuffer(this, size);
  }

  @Override
  public void upload(float[] from, int fromOffset, Buffer to, int toOffset, int count) {
    System.arraycopy(from, fromOffset, ((HostBuffer) to).writable(), toOffset, count);
  }

  @Override
  public void download(Buffer from, int fromOffset, float[] to, int toOffset, int count) {
    System.arraycopy(((HostBuffer) from).array(), fromOffset, to, toOffset, count);
  }

  @Override
  public Support support(Op op, List<Tensor> inputs) {
    // A primitive of another library has no kernel but its own, also in the reference backend.
    if (op instanceof HasCpuKernel own && (fast || op instanceof Primitive)) {
      return new Support.Native(own.cpuKernel().onTensors());
    }
    if (fast) {
      CpuKernel kernel = FastKernels.find(op);
      if (kernel != null) {
        return new Support.Native(kernel.onTensors());
      }
      if (!(op instanceof Primitive)) {
        // The definition, made of fast kernels, beats the reference kernel's single thread.
        return new Support.Composed("no fast kernel for " + op.name());
      }
    }
    CpuKernel kernel = ReferenceKernels.find(op);
    return kernel != null
        ? new Support.Native(kernel.onTensors())
        : new Support.Composed("no kernel for " + op.name());
  }
}
