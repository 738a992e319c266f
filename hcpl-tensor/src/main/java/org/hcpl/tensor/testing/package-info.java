/**
 * The test kit: for operations, of this library and of its users, gradients, agreement with the
 * definition and agreement of backends; for networks, reference numbers of other frameworks and the
 * formula that fills their weights.
 */
package org.hcpl.tensor.testing;
