package org.hcpl.train.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.CellBox;
import org.hcpl.models.segment.Overlay;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.train.report.Pictures;
import org.hcpl.train.report.PredictionReport;

/**
 * Pictures of an image for the report, pixel for pixel the same from memory and, of an image that
 * was done before, from files. Files are read when a picture is asked for.
 */
final class ReportPictures implements PredictionReport.ImagePictures {
  private final Supplier<HpaImage> image;
  private final Supplier<LabelImage> cells;
  private final Supplier<BufferedImage> picture;
  private HpaImage pixels;
  private LabelImage mask;
  private List<CellBox> boxes;

  private ReportPictures(
      Supplier<HpaImage> image, Supplier<LabelImage> cells, Supplier<BufferedImage> picture) {
    this.image = image;
    this.cells = cells;
    this.picture = picture;
  }

  /** Of an image with its cells, and a picture with their outlines. */
  static ReportPictures ofCells(HpaImage image, LabelImage cells, BufferedImage overlay) {
    return new ReportPictures(() -> image, () -> cells, () -> overlay);
  }

  /** Of an image whose results are in a folder. */
  static ReportPictures ofCells(ImageFolder folder, String id, Path out) {
    return new ReportPictures(
        () -> folder.read(id),
        () -> ImageFiles.readLabels(ResultFiles.file(out, id, "cellmask")),
        () -> overlay(ResultFiles.file(out, id, "overlay")));
  }

  /** Of an image whose network looks at the whole of it. */
  static ReportPictures ofWhole(Supplier<HpaImage> image) {
    return new ReportPictures(
        image, () -> null, () -> Overlay.composite(image.get(), PredictionReport.PICTURE));
  }

  @Override
  public BufferedImage cell(int number) {
    if (boxes == null) {
      pixels = image.get();
      mask = cells.get();
      boxes = CellBox.of(mask);
    }
    for (CellBox box : boxes) {
      if (box.label() == number) {
        return Pictures.cell(pixels, mask, box, PredictionReport.THUMBNAIL);
      }
    }
    throw new ImageException("report: no cell " + number + " in its label image");
  }

  @Override
  public BufferedImage image() {
    return picture.get();
  }

  private static BufferedImage overlay(Path file) {
    try {
      BufferedImage stored = ImageIO.read(file.toFile());
      // Pixels in the form in which they were drawn: what is made of them is the same bytes.
      BufferedImage drawn =
          new BufferedImage(stored.getWidth(), stored.getHeight(), BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < stored.getHeight(); y++) {
        for (int x = 0; x < stored.getWidth(); x++) {
          drawn.setRGB(x, y, stored.getRGB(x, y));
        }
      }
      return drawn;
    } catch (IOException e) {
      throw new ImageException(file + ": cannot be read: " + FileErrors.reason(e), e);
    }
  }
}
