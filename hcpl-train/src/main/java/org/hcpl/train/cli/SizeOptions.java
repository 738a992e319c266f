package org.hcpl.train.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.models.segment.SegmentOptions;
import org.hcpl.models.segment.Segmentation;
import picocli.CommandLine.Option;

/** What commands that find cells may be told of sizes. */
final class SizeOptions {
  static final String PIXEL_SIZE = "--pixel-size";
  static final String NUCLEUS_DIAMETER = "--nucleus-diameter";

  @Range(min = 1e-4, max = 1000)
  @Option(
      names = PIXEL_SIZE,
      paramLabel = "MICROMETRES",
      description =
          "Edge of a pixel, whatever the files say; gives sizes in micrometres (default: what the files say).")
  private Double pixelSize;

  @Range(min = 0.1, max = 1000)
  @Option(
      names = NUCLEUS_DIAMETER,
      paramLabel = "MICROMETRES",
      description =
          "A usual nucleus; needs the size of the pixels, of the files or --pixel-size (default: from the images).")
  private Double nucleusDiameter;

  /** The images with the size of pixels that was given. */
  ImageFolder apply(ImageFolder folder) {
    return pixelSize == null ? folder : folder.withPixelSizeMicrometres(pixelSize);
  }

  /** What finds cells by these sizes. */
  SegmentOptions segmenting() {
    return SegmentOptions.DEFAULT
        .withPixelSizeMicrometres(orUnknown(pixelSize))
        .withNucleusDiameterMicrometres(orUnknown(nucleusDiameter));
  }

  private static double orUnknown(Double micrometres) {
    return micrometres == null ? Double.NaN : micrometres;
  }

  /**
   * Finds the cells of an image.
   *
   * @throws ImageException if a diameter was given and the image does not tell what it is in pixels
   */
  Segmentation segment(HpaImage image) {
    if (nucleusDiameter != null && !(image.pixelSizeMicrometres() > 0)) {
      throw new ImageException(
          image.id()
              + ": the size of its pixels is not known, which --nucleus-diameter needs\n"
              + "help: say it with --pixel-size, or leave --nucleus-diameter out");
    }
    return new CellSegmenter(segmenting()).segment(image);
  }

  /** The sizes, as the settings of a batch. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(PIXEL_SIZE, pixelSize == null ? "of the files" : pixelSize.toString());
    settings.put(
        NUCLEUS_DIAMETER, nucleusDiameter == null ? "from the images" : nucleusDiameter.toString());
    return settings;
  }
}
