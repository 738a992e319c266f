package org.hcpl.models.segment;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/** An image in the colours of the Human Protein Atlas with the outlines of its cells and nuclei. */
public final class Overlay {
  private static final int CELL = 0xffffff;
  private static final int NUCLEUS = 0x7fd4ff;
  private static final float DIM = 0.55f;
  private static final double BRIGHT = 0.995;

  /** Smallest brightness that is stretched to white: noise of an empty channel stays dark. */
  private static final float FLOOR = 0.04f;

  private Overlay() {}

  /**
   * Draws microtubules in red, the protein in green, nuclei in blue and the ER in dim yellow, each stretched to its bright end; cells outlined
   * in white, nuclei in light blue. Where there are nuclei alone they are drawn in grey.
   */
  public static BufferedImage of(HpaImage image, Segmentation found) {
    int height = image.height();
    int width = image.width();
    float[][] planes = new float[Channel.values().length][];
    float[] scale = new float[planes.length];
    for (Channel channel : Channel.values()) {
      Plane plane = image.plane(channel);
      planes[channel.ordinal()] = plane.values();
      scale[channel.ordinal()] = 1 / Math.max(FLOOR, bright(plane.values()));
    }
    boolean nucleiOnly = found.nucleiOnly();
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    int thickness = Math.max(1, Math.min(height, width) / 800);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        float blue = planes[2][i] * scale[2];
        if (edge(found.cells(), y, x, thickness)) {
          row[x] = CELL;
        } else if (edge(found.nuclei(), y, x, thickness)) {
          row[x] = NUCLEUS;
        } else if (nucleiOnly) {
          row[x] = rgb(blue, blue, blue);
        } else {
          float red = planes[0][i] * scale[0] * DIM;
          float green = planes[1][i] * scale[1];
          float yellow = planes[3][i] * scale[3] * DIM * DIM;
          row[x] = rgb(red + yellow, green + yellow, blue);
        }
      }
      picture.setRGB(0, y, width, 1, row, 0, width);
    }
    return picture;
  }

  /** Whether a pixel of an object has another object or the ground within {@code thickness} to the left, right, top or bottom. */
  private static boolean edge(LabelImage labels, int y, int x, int thickness) {
    int label = labels.at(y, x);
    if (label == 0) {
      return false;
    }
    int top = Math.max(0, y - thickness);
    int bottom = Math.min(labels.height() - 1, y + thickness);
    int left = Math.max(0, x - thickness);
    int right = Math.min(labels.width() - 1, x + thickness);
    return labels.at(top, x) != label || labels.at(bottom, x) != label || labels.at(y, left) != label || labels.at(y, right) != label;
  }

  private static int rgb(float red, float green, float blue) {
    return byteOf(red) << 16 | byteOf(green) << 8 | byteOf(blue);
  }

  private static int byteOf(float value) {
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  }

  private static float bright(float[] values) {
    int step = Math.max(1, values.length / 100_000);
    float[] some = new float[(values.length + step - 1) / step];
    for (int i = 0; i < some.length; i++) {
      some[i] = values[i * step];
    }
    Arrays.sort(some);
    return some[(int) (BRIGHT * (some.length - 1))];
  }
}
