/** Kernels on arrays for the CPU, in plain Java and on the Vector API. Internal: may change. */
package org.hcpl.tensor.cpu;
