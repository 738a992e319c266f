package org.hcpl.train.data;

import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * Cells that a training step sees together, as plain arrays so that background threads can prepare
 * it.
 *
 * @param pixels {@code [cells, side, side, channels]}
 * @param targets {@code [cells, classes]}
 * @param bag for every cell the number of its image within this batch, rising from 0
 * @param bagTargets {@code [bags, classes]}: the labels of the images
 * @param shape of the pixels
 * @param classes number of classes
 */
public record Batch(
    float[] pixels, float[] targets, int[] bag, float[] bagTargets, Shape shape, int classes) {
  /** The number of cells. */
  public int size() {
    return shape.dim(0);
  }

  /** The number of images that the cells are from. */
  public int bags() {
    return bag.length == 0 ? 0 : bag[bag.length - 1] + 1;
  }

  /** The pixels as a tensor {@code [cells, side, side, channels]}. */
  public Tensor images() {
    return Tensor.of(pixels, shape);
  }

  /** The cells' targets as a tensor {@code [cells, classes]}. */
  public Tensor cellTargets() {
    return Tensor.of(targets, size(), classes);
  }

  /** The images' targets as a tensor {@code [bags, classes]}. */
  public Tensor imageTargets() {
    return Tensor.of(bagTargets, bags(), classes);
  }
}
