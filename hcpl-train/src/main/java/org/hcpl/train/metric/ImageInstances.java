package org.hcpl.train.metric;

import java.util.List;

/**
 * A line of a submission or truth table: the instances of one image.
 *
 * @param id the image's name
 * @param height in pixels
 * @param width in pixels
 * @param labels labels verified for the image as a whole, beside those of its instances; empty in a
 *     submission
 * @param instances in the order of the file
 */
public record ImageInstances(
    String id, int height, int width, List<Integer> labels, List<Instance> instances) {
  public ImageInstances {
    labels = List.copyOf(labels);
    instances = List.copyOf(instances);
    Mask.checkedSize(height, width);
    for (Instance instance : instances) {
      if (instance.mask().height() != height || instance.mask().width() != width) {
        throw new MetricException(
            id
                + ": "
                + instance.mask()
                + " (expected: masks of the image's size, "
                + height
                + " x "
                + width
                + ")");
      }
    }
  }

  /** The instances of an image of a submission. */
  public ImageInstances(String id, int height, int width, List<Instance> instances) {
    this(id, height, width, List.of(), instances);
  }
}
