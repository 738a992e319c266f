/**
 * Two-dimensional wavelet scattering: features of an image that are stable to small deformations
 * and need no training.
 *
 * <p>{@link org.hcpl.scatter.Scattering2d} is the layer, {@link org.hcpl.scatter.Scattering} the
 * operation, {@link org.hcpl.scatter.MorletBank} the wavelets and {@link
 * org.hcpl.scatter.HybridFusion} the block that mixes the features into those of a convolutional
 * network. Filters and values agree with those of kymatio 0.3.0 (BSD-3-Clause; Andreux et al.,
 * Kymatio: Scattering Transforms in Python, JMLR 2020), whose filters are rounded to single
 * precision, which ours are not.
 */
package org.hcpl.scatter;
