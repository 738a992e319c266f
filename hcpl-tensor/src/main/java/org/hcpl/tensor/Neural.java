package org.hcpl.tensor;

/** Operations of neural networks; images are {@code [N, H, W, C]}. */
public sealed interface Neural permits Tensor {}
