package org.hcpl.tensor.spi;

import org.hcpl.tensor.Op;

/**
 * An operation that brings its own CPU kernel, so that it is complete in one file outside this
 * library.
 */
public interface HasCpuKernel extends Op {
  CpuKernel cpuKernel();
}
