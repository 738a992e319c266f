/** Operations of this module's layers, with kernels and gradients of their own. */
package org.hcpl.nn.op;
