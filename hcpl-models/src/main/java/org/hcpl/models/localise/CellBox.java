package org.hcpl.models.localise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.LabelImage;

/**
 * Where a cell of a label image is.
 *
 * @param label its value in the label image
 * @param top first row
 * @param left first column
 * @param bottom row after the last
 * @param right column after the last
 * @param area number of pixels
 * @param touchesBorder whether the border of the image cuts it
 */
public record CellBox(
    int label, int top, int left, int bottom, int right, int area, boolean touchesBorder) {
  public int height() {
    return bottom - top;
  }

  public int width() {
    return right - left;
  }

  /** The boxes of all cells, by rising label. */
  public static List<CellBox> of(LabelImage cells) {
    int count = cells.max() + 1;
    int[] top = new int[count];
    int[] left = new int[count];
    int[] bottom = new int[count];
    int[] right = new int[count];
    int[] area = new int[count];
    Arrays.fill(top, cells.height());
    Arrays.fill(left, cells.width());
    for (int y = 0; y < cells.height(); y++) {
      for (int x = 0; x < cells.width(); x++) {
        int label = cells.at(y, x);
        if (label > 0) {
          top[label] = Math.min(top[label], y);
          left[label] = Math.min(left[label], x);
          bottom[label] = y + 1;
          right[label] = Math.max(right[label], x + 1);
          area[label]++;
        }
      }
    }
    List<CellBox> boxes = new ArrayList<>();
    for (int label = 1; label < count; label++) {
      if (area[label] > 0) {
        boolean cut =
            top[label] == 0
                || left[label] == 0
                || bottom[label] == cells.height()
                || right[label] == cells.width();
        boxes.add(
            new CellBox(
                label, top[label], left[label], bottom[label], right[label], area[label], cut));
      }
    }
    return boxes;
  }
}
