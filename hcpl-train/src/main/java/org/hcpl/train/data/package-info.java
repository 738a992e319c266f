/** Data to train with. */
package org.hcpl.train.data;
