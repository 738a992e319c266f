/** Comparison of the scattering transform with reference numbers. */
package org.hcpl.scatter.testing;
