package org.hcpl.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelFile;
import org.hcpl.models.localise.Contrast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionReportTest {
  private static final List<String> CLASSES =
      List.of("Nucleoli", "Cytosol", "Golgi apparatus", "Mitochondria", "Negative", "A <b> place");

  private static final ModelFile.Description MODEL =
      new ModelFile.Description(
          "cla:made_up",
          4,
          CLASSES,
          64,
          false,
          Contrast.AS_IS,
          List.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
          Map.of("validation mAP", "0.187"));

  private static final PredictionReport.ImagePictures PICTURES =
      new PredictionReport.ImagePictures() {
        @Override
        public BufferedImage cell(int number) {
          return new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        }

        @Override
        public BufferedImage image() {
          return new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        }
      };

  @TempDir Path folder;

  private String page(PredictionReport report) throws IOException {
    HtmlReport page = new HtmlReport("t");
    report.writeTo(page, 1, id -> PICTURES, id -> id + "_overlay.png");
    Path file = folder.resolve("report.html");
    page.write(file);
    return Files.readString(file);
  }

  private static PredictionReport.Cell cell(int number, int area, boolean border, double... p) {
    return new PredictionReport.Cell(number, area, border, p);
  }

  private static List<PredictionReport.Cell> clear(int count) {
    List<PredictionReport.Cell> cells = new ArrayList<>();
    for (int k = 1; k <= count; k++) {
      cells.add(cell(k, 1000, false, 0.9, 0.6, 0, 0, 0, 0));
    }
    return cells;
  }

  @Test
  void everyCellIsListedWithItsPlacesAndWhatIsDoubtfulOfIt() throws IOException {
    List<PredictionReport.Cell> cells = clear(6);
    cells.add(cell(7, 900, false, 0.1, 0.3, 0, 0, 0, 0));
    cells.add(cell(8, 200, true, 0.9, 0, 0, 0, 0, 0));
    cells.add(cell(9, 300, false, 0.9, 0, 0, 0, 0, 0));
    cells.add(cell(10, 1000, false, 0.9, 0.8, 0.7, 0.6, 0.55, 0));
    PredictionReport report = new PredictionReport(MODEL, 5);
    report.addCells("one", cells, PICTURES);
    assertThat(page(report))
        .contains("<tr data-f=\"0 1 w\"><td class=n>1</td><td>Nucleoli 90%, Cytosol 60%</td>")
        .contains("<tr data-f=\"d w\"><td class=n>7</td><td>none; most likely Cytosol 30%")
        .contains("(threshold 50%)", "no place reaches its threshold")
        .contains("<tr data-f=\"0\"><td class=n>8</td>", "cut off by the border")
        .contains("unusually small, perhaps outlined wrongly")
        .contains("Golgi apparatus 70%, Mitochondria 60% and 1 more", "5 places, which hardly any")
        .contains("<b>10</b><span>cells</span>", "<b>1</b><span>without a place</span>")
        .contains("<b>0.19</b><span>mAP on cells kept aside in training")
        .contains("<a href=\"one_overlay.png\">")
        .doesNotContain("class=warning", "All images", "A <b> place");
  }

  @Test
  void aProbabilityJustUnderItsThresholdDoesNotLookLikeIt() throws IOException {
    PredictionReport cells = new PredictionReport(MODEL, 1);
    cells.addCells("a", List.of(cell(1, 9, false, 0.498, 0, 0, 0, 0, 0)), PICTURES);
    assertThat(page(cells)).contains("none; most likely Nucleoli 49.8% (threshold 50.0%)");
    PredictionReport whole = new PredictionReport(MODEL, 1);
    whole.addImage("a", new double[] {0.49999, 0.4, 0, 0, 0, 0}, PICTURES);
    assertThat(page(whole))
        .contains("49.999%, under its threshold of 50.000%", ">under its threshold of 50%<");
  }

  /** Cells can be chosen by place without a script. */
  @Test
  void theChoiceHasWhatIsFoundInTheImagesShown() throws IOException {
    PredictionReport report = new PredictionReport(MODEL, 1);
    report.addCells("b", List.of(cell(1, 9, false, 0, 0, 0.8, 0, 0, 0)), PICTURES);
    report.addCells("a", clear(2), PICTURES);
    assertThat(page(report))
        .contains("id=f0>Nucleoli</label>", "id=f1>Cytosol</label>", "main:has(#f1:checked)")
        .doesNotContain("id=f2>", "id=fd>", "id=fw>", "<script")
        .contains("The first 1 image<", "<a href=\"#image1\">a</a>", "<td class=id>b</td>");
  }

  @Test
  void aNetworkThatFindsNothingOrEverythingIsWarnedOf() throws IOException {
    List<PredictionReport.Cell> cells = clear(1);
    cells.add(cell(2, 1000, false, 1, 1, 1, 1, 1, 1));
    cells.add(cell(3, 1000, false, 0, 0, 0, 0, 0, 0));
    PredictionReport report = new PredictionReport(MODEL, 1);
    report.addCells("a", cells, PICTURES);
    assertThat(page(report)).contains("<p class=warning>2 cells of 3 are doubtful");
  }

  @Test
  void anImageSeenAsAWholeSaysWhatIsUnderItsThreshold() throws IOException {
    PredictionReport report = new PredictionReport(MODEL, 1);
    report.addImage("a", new double[] {0.7, 0.4, 0, 0, 0, 0}, PICTURES);
    assertThat(page(report))
        .contains("What the images show", "under its threshold of 50%", "images.csv")
        .doesNotContain("cells.csv", "class=cells", "<fieldset");
  }
}
