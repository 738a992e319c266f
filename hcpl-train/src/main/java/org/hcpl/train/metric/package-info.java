/**
 * How good predictions are: the 2021 contest's metric with its mask encoding and files, and the
 * usual measures of multi-label classification.
 */
package org.hcpl.train.metric;
