package org.hcpl.models.segment;

import java.util.Arrays;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Finds cells without any weights: nuclei from the blue channel, cells grown from them over the ER
 * and the microtubules. Thread-safe; the same image gives the same labels.
 *
 * <pre>{@code
 * Segmentation found = new CellSegmenter().segment(image);
 * }</pre>
 */
public final class CellSegmenter {
  /**
   * Nucleus diameter in pixels at which cells are grown: their outlines are smooth on this scale.
   */
  private static final double WORKING_DIAMETER = 48;

  /**
   * Slits and notches are closed up to twice this width, in diameters: what was rounded off the
   * corners of the pieces that a nucleus was put together from, and dark nucleoli at its edge.
   */
  private static final double SEAM = 0.12;

  private final SegmentOptions options;

  /** With {@link SegmentOptions#DEFAULT}. */
  public CellSegmenter() {
    this(SegmentOptions.DEFAULT);
  }

  public CellSegmenter(SegmentOptions options) {
    this.options = options;
  }

  public SegmentOptions options() {
    return options;
  }

  /**
   * Cells and nuclei of an image; nuclei alone where all other channels are black.
   *
   * <p>Nucleus k lies in cell k; numbers run from 1 without gaps in reading order. An image without
   * nuclei gives no cells.
   */
  public Segmentation segment(HpaImage image) {
    double pixelSize = pixelSize(image.pixelSizeMicrometres());
    NucleiSegmenter.Result found =
        NucleiSegmenter.segment(image.plane(Channel.BLUE), pixelSize, options);
    Plane red = image.plane(Channel.RED);
    Plane yellow = image.plane(Channel.YELLOW);
    if (flat(red) && flat(yellow)) {
      if (flat(image.plane(Channel.GREEN))) {
        return finish(null, found);
      }
      // Without the stains of the cell body the protein is the only sign of it.
      red = image.plane(Channel.GREEN);
      yellow = red;
    } else if (flat(red)) {
      red = yellow;
    } else if (flat(yellow)) {
      yellow = red;
    }
    if (found.nuclei().max() == 0) {
      return finish(null, found);
    }
    double scale = Math.min(1, WORKING_DIAMETER / found.diameter());
    int h = Math.max(1, (int) Math.round(image.height() * scale));
    int w = Math.max(1, (int) Math.round(image.width() * scale));
    CellGrower.Result grown =
        CellGrower.grow(
            Rescale.labels(found.nuclei(), h, w),
            Rescale.plane(red, h, w),
            Rescale.plane(yellow, h, w),
            found.diameter() * scale,
            options.cellReach());
    LabelImage cells = Rescale.labels(grown.cells(), image.height(), image.width());
    // Full resolution moves outlines by a pixel; a nucleus never leaves its cell.
    for (int i = 0; i < cells.labels().length; i++) {
      int nucleus = found.nuclei().labels()[i];
      if (nucleus != 0) {
        cells.labels()[i] = grown.cellOf()[nucleus];
      }
    }
    return finish(cells, found);
  }

  /**
   * Nuclei of a single plane.
   *
   * @param pixelSizeMicrometres edge of a pixel, NaN where unknown
   */
  public Segmentation segmentNuclei(Plane nucleus, double pixelSizeMicrometres) {
    return finish(null, NucleiSegmenter.segment(nucleus, pixelSize(pixelSizeMicrometres), options));
  }

  private double pixelSize(double ofImage) {
    return Double.isNaN(options.pixelSizeMicrometres()) ? ofImage : options.pixelSizeMicrometres();
  }

  private static boolean flat(Plane plane) {
    float first = plane.values()[0];
    for (float value : plane.values()) {
      if (value != first) {
        return false;
      }
    }
    return true;
  }

  /** Drops what is too small or unwanted and numbers cells and nuclei alike. */
  private Segmentation finish(LabelImage cells, NucleiSegmenter.Result found) {
    LabelImage nuclei = found.nuclei();
    LabelImage objects = cells == null ? nuclei : cells;
    int[] areas = Components.areas(objects);
    boolean[] keep = new boolean[areas.length];
    int[] sorted = Arrays.stream(areas, 1, areas.length).filter(a -> a > 0).sorted().toArray();
    double smallest =
        cells == null || sorted.length == 0 ? 0 : options.minCellArea() * sorted[sorted.length / 2];
    for (int o = 1; o < keep.length; o++) {
      keep[o] = areas[o] > 0 && areas[o] >= smallest;
    }
    if (!options.keepBorderCells()) {
      Components.dropBorder(objects, keep);
    }
    LabelImage numbered = Components.keep(objects, keep);
    if (cells == null) {
      closeSeams(numbered.labels(), null, nuclei.height(), nuclei.width(), found.diameter());
      return Segmentation.of(
          LabelImage.of(nuclei.height(), nuclei.width()), numbered, found.diameter());
    }
    fillHoles(numbered);
    int[] inside = new int[nuclei.labels().length];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = nuclei.labels()[i] != 0 ? numbered.labels()[i] : 0;
    }
    closeSeams(inside, numbered.labels(), nuclei.height(), nuclei.width(), found.diameter());
    return Segmentation.of(
        numbered, new LabelImage(nuclei.height(), nuclei.width(), inside), found.diameter());
  }

  /** Fills the background inside a cell, as objects that were dropped leave it. */
  private static void fillHoles(LabelImage cells) {
    int[][] pixels = Regions.pixels(cells.labels(), cells.max());
    for (int o = 1; o < pixels.length; o++) {
      Patch patch = Patch.of(pixels[o], cells.width(), cells.height(), 1);
      if (patch != null) {
        patch.mask = Morphology.fillHoles(patch.mask, patch.height, patch.width, patch.mask.length);
        patch.paint(cells.labels(), cells.width(), o, cells.labels());
      }
    }
  }

  /**
   * Closes what is left of the seams between the pieces of a nucleus, slits and holes, inside its
   * cell.
   *
   * @param nuclei their labels, which are changed
   * @param cells which no nucleus leaves, or null where there are none
   */
  private static void closeSeams(int[] nuclei, int[] cells, int h, int w, double diameter) {
    int[][] pixels = Regions.pixels(nuclei, Arrays.stream(nuclei).max().orElse(0));
    for (int o = 1; o < pixels.length; o++) {
      Patch patch = Patch.of(pixels[o], w, h, 1);
      if (patch != null) {
        boolean[] closed = Morphology.close(patch.mask, patch.height, patch.width, SEAM * diameter);
        patch.mask = Morphology.fillHoles(closed, patch.height, patch.width, closed.length);
        for (int i = 0; i < patch.mask.length; i++) {
          int at = patch.index(i, w);
          if (patch.mask[i] && nuclei[at] == 0 && (cells == null || cells[at] == o)) {
            nuclei[at] = o;
          }
        }
      }
    }
  }
}
