package org.hcpl.models.segment;

import org.hcpl.models.image.ImageException;

/**
 * What a user may say about the images; the defaults take everything from the data.
 *
 * @param nucleusDiameterMicrometres a usual nucleus; takes effect where the pixel size is known;
 *     NaN for from the data, kept within 5 to 30 micrometres where the pixel size is known
 * @param pixelSizeMicrometres replaces what the image says of itself; NaN for the image's own
 * @param cellReach how far a cell may reach from the edge of its nucleus, in nucleus diameters
 * @param minCellArea cells smaller than this part of the median cell are dropped, with their nuclei
 * @param keepBorderCells whether cells that the border cuts are kept
 * @param invert whether nuclei are dark on bright
 */
public record SegmentOptions(
    double nucleusDiameterMicrometres,
    double pixelSizeMicrometres,
    double cellReach,
    double minCellArea,
    boolean keepBorderCells,
    Invert invert) {
  /** Whether nuclei are dark on a bright ground, as in bright-field images. */
  public enum Invert {
    /** Decided by the histogram. */
    AUTO,
    /** Nuclei are bright. */
    NO,
    /** Nuclei are dark. */
    YES
  }

  public static final SegmentOptions DEFAULT =
      new SegmentOptions(Double.NaN, Double.NaN, 2.5, 0.1, true, Invert.AUTO);

  public SegmentOptions {
    check("nucleusDiameterMicrometres", nucleusDiameterMicrometres, true, 0.1, 1000);
    check("pixelSizeMicrometres", pixelSizeMicrometres, true, 1e-4, 1000);
    check("cellReach", cellReach, false, 0, 100);
    check("minCellArea", minCellArea, false, 0, 1);
  }

  private static void check(String name, double value, boolean mayBeNaN, double low, double high) {
    if (!(value >= low && value <= high) && !(mayBeNaN && Double.isNaN(value))) {
      throw new ImageException(
          "segment: "
              + name
              + " "
              + value
              + " (expected: "
              + low
              + ".."
              + high
              + (mayBeNaN ? ", or NaN for unknown)" : ")"));
    }
  }

  public SegmentOptions withNucleusDiameterMicrometres(double micrometres) {
    return new SegmentOptions(
        micrometres, pixelSizeMicrometres, cellReach, minCellArea, keepBorderCells, invert);
  }

  public SegmentOptions withPixelSizeMicrometres(double micrometres) {
    return new SegmentOptions(
        nucleusDiameterMicrometres, micrometres, cellReach, minCellArea, keepBorderCells, invert);
  }

  public SegmentOptions withCellReach(double diameters) {
    return new SegmentOptions(
        nucleusDiameterMicrometres,
        pixelSizeMicrometres,
        diameters,
        minCellArea,
        keepBorderCells,
        invert);
  }

  public SegmentOptions withMinCellArea(double part) {
    return new SegmentOptions(
        nucleusDiameterMicrometres, pixelSizeMicrometres, cellReach, part, keepBorderCells, invert);
  }

  public SegmentOptions withKeepBorderCells(boolean keep) {
    return new SegmentOptions(
        nucleusDiameterMicrometres, pixelSizeMicrometres, cellReach, minCellArea, keep, invert);
  }

  public SegmentOptions withInvert(Invert choice) {
    return new SegmentOptions(
        nucleusDiameterMicrometres,
        pixelSizeMicrometres,
        cellReach,
        minCellArea,
        keepBorderCells,
        choice);
  }
}
