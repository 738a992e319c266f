package org.hcpl.train.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.models.localise.CellBox;
import org.hcpl.models.localise.CellCrops;

/** Small pictures of cells in the colours of the Human Protein Atlas. */
public final class Pictures {
  private static final float MICROTUBULES = 0.45f;
  private static final float PERCENTILE = 0.995f;

  private Pictures() {}

  /** A cell on black: protein green, nucleus blue, microtubules a dim red. */
  public static BufferedImage cell(HpaImage image, LabelImage cells, CellBox box, int side) {
    List<Plane> planes =
        List.of(image.plane(Channel.RED), image.plane(Channel.GREEN), image.plane(Channel.BLUE));
    return colours(CellCrops.cut(planes, cells, box, side), side, side);
  }

  /** The picture no larger than {@code longest} on its longer side. */
  public static BufferedImage scaled(BufferedImage picture, int longest) {
    double scale = (double) longest / Math.max(picture.getWidth(), picture.getHeight());
    if (scale >= 1) {
      return picture;
    }
    int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }

  /**
   * {@code [height, width, 3]} of microtubules, protein and nucleus, each stretched to its bright
   * end.
   */
  private static BufferedImage colours(float[] values, int height, int width) {
    float[] scale = new float[3];
    for (int c = 0; c < 3; c++) {
      scale[c] = 1 / Math.max(0.02f, bright(values, c));
    }
    scale[0] *= MICROTUBULES;
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | Math.round(255 * Math.min(1, values[i * 3 + c] * scale[c]));
      }
      picture.setRGB(i % width, i / width, rgb);
    }
    return picture;
  }

  private static float bright(float[] values, int channel) {
    float[] some = new float[values.length / 3];
    int count = 0;
    for (int i = channel; i < values.length; i += 3) {
      if (values[i] > 0) {
        some[count++] = values[i];
      }
    }
    if (count == 0) {
      return 1;
    }
    Arrays.sort(some, 0, count);
    return some[(int) (PERCENTILE * (count - 1))];
  }
}
