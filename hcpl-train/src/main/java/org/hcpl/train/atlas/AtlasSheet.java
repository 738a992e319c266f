package org.hcpl.train.atlas;

import java.awt.image.BufferedImage;
import java.util.List;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.localise.ClassList;

/** A picture of one small synthetic image for each of the 19 patterns, in rows of five. */
public final class AtlasSheet {
  private static final int COLUMNS = 5;

  private AtlasSheet() {}

  /**
   * Draws the sheet: microtubules red, protein green, nucleus blue.
   *
   * @param tile edge of each image in pixels
   */
  public static BufferedImage draw(int tile, long seed) {
    int classes = ClassList.HPA_2021.size();
    int rows = (classes + COLUMNS - 1) / COLUMNS;
    BufferedImage sheet =
        new BufferedImage(COLUMNS * tile, rows * tile, BufferedImage.TYPE_INT_RGB);
    AtlasOptions options =
        AtlasOptions.of(1, seed).withSize(tile).withLabels(1, 0).withAbsence(0).withCells(4, 8);
    for (int label = 0; label < classes; label++) {
      HpaImage image = new SyntheticAtlas(options.withClasses(List.of(label))).image(0).image();
      for (int y = 0; y < tile; y++) {
        for (int x = 0; x < tile; x++) {
          int rgb = 0;
          for (Channel channel : List.of(Channel.RED, Channel.GREEN, Channel.BLUE)) {
            rgb = rgb << 8 | Math.round(255 * image.plane(channel).at(y, x));
          }
          sheet.setRGB(label % COLUMNS * tile + x, label / COLUMNS * tile + y, rgb);
        }
      }
    }
    return sheet;
  }
}
