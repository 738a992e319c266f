/** Loss functions on logits. */
package org.hcpl.nn.loss;
