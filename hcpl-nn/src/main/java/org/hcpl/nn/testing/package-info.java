/** Checks of this library's layers against reference numbers. */
package org.hcpl.nn.testing;
