package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import java.util.Arrays;
import java.util.List;

/**
 * A four-channel image of cells.
 *
 * @param id the name that its files share
 * @param planes in the order of {@link Channel}, all of one size
 * @param pixelSizeMicrometres edge of a pixel in micrometres, NaN where unknown
 */
public record HpaImage(String id, List<Plane> planes, double pixelSizeMicrometres) {
  public HpaImage {
    planes = List.copyOf(planes);
    if (planes.size() != Channel.values().length) {
      throw new ImageException(
          id
              + ": "
              + count(planes.size(), "channel")
              + " (expected: "
              + Arrays.toString(Channel.values())
              + ")");
    }
    for (Plane plane : planes) {
      if (plane.height() != planes.get(0).height() || plane.width() != planes.get(0).width()) {
        throw new ImageException(
            id
                + ": channels differ in size: "
                + planes.get(0).dimensions()
                + " and "
                + plane.dimensions());
      }
    }
  }

  /** The same pixels, each of that edge in micrometres. */
  public HpaImage withPixelSizeMicrometres(double micrometres) {
    return new HpaImage(id, planes, micrometres);
  }

  public Plane plane(Channel channel) {
    return planes.get(channel.ordinal());
  }

  /** The size as viewers show it, for messages: {@code WIDTHxHEIGHT}. */
  public String dimensions() {
    return width() + "x" + height();
  }

  public int height() {
    return planes.get(0).height();
  }

  public int width() {
    return planes.get(0).width();
  }
}
