/** Benchmarks beside the peers, in the same process: kernels, whole networks, training. */
package org.hcpl.bench;
