/** Comparison of networks with stored reference numbers. */
package org.hcpl.models.testing;
