/** The operations, one record each, and what describes them. */
package org.hcpl.tensor.op;
