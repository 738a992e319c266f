package org.hcpl.models.localise;

import java.util.Arrays;
import java.util.List;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/** Cells as networks take them: square, everything outside of the cell zero, all of one size. */
public final class CellCrops {
  private CellCrops() {}

  /**
   * Cuts one cell out.
   *
   * <p>The square has the longer side of the cell's box, its centre is that of the box; what lies
   * outside of the image or of the cell is zero. It is scaled to {@code side} by averaging where it
   * shrinks and by bilinear interpolation where it grows.
   *
   * @param planes the channels, of one size with {@code cells}
   * @return {@code [side, side, channels]}, in the range of the planes
   */
  public static float[] cut(List<Plane> planes, LabelImage cells, CellBox box, int side) {
    for (Plane plane : planes) {
      if (plane.height() != cells.height() || plane.width() != cells.width()) {
        throw new ImageException(
            "crop: image "
                + plane.dimensions()
                + ", cell mask "
                + cells.dimensions()
                + " (expected: the same size)");
      }
    }
    int channels = planes.size();
    int length = Math.max(box.height(), box.width());
    double scale = (double) length / side;
    int samples = (int) Math.ceil(scale);
    double originY = (box.top() + box.bottom() - length) / 2.0;
    double originX = (box.left() + box.right() - length) / 2.0;
    float[] crop = new float[side * side * channels];
    float[] sum = new float[channels];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        Arrays.fill(sum, 0);
        for (int i = 0; i < samples; i++) {
          double sy = originY + (y + (i + 0.5) / samples) * scale - 0.5;
          for (int j = 0; j < samples; j++) {
            double sx = originX + (x + (j + 0.5) / samples) * scale - 0.5;
            sample(planes, cells, box.label(), sy, sx, sum);
          }
        }
        for (int c = 0; c < channels; c++) {
          crop[(y * side + x) * channels + c] = sum[c] / (samples * samples);
        }
      }
    }
    return crop;
  }

  /**
   * A whole image in the same way, as if it were one cell.
   *
   * @param planes the channels, of one size
   * @return {@code [side, side, channels]}, in the range of the planes
   */
  public static float[] whole(List<Plane> planes, int side) {
    LabelImage all = LabelImage.of(planes.get(0).height(), planes.get(0).width());
    Arrays.fill(all.labels(), 1);
    return cut(planes, all, CellBox.of(all).get(0), side);
  }

  /** Adds the bilinear value at a place, pixels outside of the cell counting as zero. */
  private static void sample(
      List<Plane> planes, LabelImage cells, int label, double y, double x, float[] sum) {
    int y0 = (int) Math.floor(y);
    int x0 = (int) Math.floor(x);
    float fy = (float) (y - y0);
    float fx = (float) (x - x0);
    for (int dy = 0; dy < 2; dy++) {
      for (int dx = 0; dx < 2; dx++) {
        float weight = (dy == 0 ? 1 - fy : fy) * (dx == 0 ? 1 - fx : fx);
        int py = y0 + dy;
        int px = x0 + dx;
        if (weight > 0
            && py >= 0
            && px >= 0
            && py < cells.height()
            && px < cells.width()
            && cells.at(py, px) == label) {
          for (int c = 0; c < sum.length; c++) {
            sum[c] += weight * planes.get(c).at(py, px);
          }
        }
      }
    }
  }
}
