/** Optimisers, learning-rate schedules, gradient clipping, averages of weights. */
package org.hcpl.nn.optim;
