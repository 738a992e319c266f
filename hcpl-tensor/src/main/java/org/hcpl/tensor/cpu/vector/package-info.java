/**
 * Kernels on the Vector API, loaded only where {@link org.hcpl.tensor.cpu.VectorSupport} says so.
 * Internal: may change.
 */
package org.hcpl.tensor.cpu.vector;
