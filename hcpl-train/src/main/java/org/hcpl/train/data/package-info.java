/** Data to train and test with: the synthetic atlas. */
package org.hcpl.train.data;
