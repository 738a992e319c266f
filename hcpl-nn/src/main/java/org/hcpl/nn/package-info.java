/**
 * Modules, parameters and layers with PyTorch's names, and their initial values. Images are {@code
 * [N, H, W, C]}.
 */
package org.hcpl.nn;
