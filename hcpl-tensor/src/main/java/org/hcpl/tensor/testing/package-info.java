/**
 * The test kit for operations, of this library and of its users: gradients, agreement with the
 * definition, agreement of backends.
 */
package org.hcpl.tensor.testing;
