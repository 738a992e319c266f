/** Tensors, shapes, automatic differentiation and where operations run. */
package org.hcpl.tensor;
