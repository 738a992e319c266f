package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hcpl.models.localise.ClassList;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
  private static final String HEADER = "ID,ImageWidth,ImageHeight,PredictionString\n";

  /** In an image of width 4 and height 3: the second column. */
  private static final Mask MASK = Mask.ofRuns(3, 4, new int[] {3, 3, 6});

  private static final Mask OTHER = Mask.ofRuns(3, 4, new int[] {0, 2, 10});
  private static final String TEXT = MaskCodec.encode(MASK);

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private List<ImageInstances> read(String text) throws IOException {
    List<ImageInstances> images = new ArrayList<>();
    Submission.read(file("s.csv", text), ClassList.HPA_2021, images::add);
    return images;
  }

  private List<ImageInstances> readTruth(String text) throws IOException {
    List<ImageInstances> images = new ArrayList<>();
    Submission.readTruth(file("t.csv", text), ClassList.HPA_2021, images::add);
    return images;
  }

  @Test
  void readsWhatItWrites() throws IOException {
    ImageInstances first =
        new ImageInstances(
            "a",
            3,
            4,
            List.of(
                new Instance(0, 0.25f, MASK),
                new Instance(18, 0.0009765625f, MASK),
                new Instance(0, 1, OTHER)));
    ImageInstances second = new ImageInstances("b", 3, 4, List.of());
    Path file = folder.resolve("written.csv");
    try (Submission.Writer writer = Submission.Writer.submission(file)) {
      writer.write(first);
      writer.write(second);
    }
    List<ImageInstances> images = new ArrayList<>();
    Submission.read(file, ClassList.HPA_2021, images::add);
    assertThat(images).containsExactly(first, second);
    assertThat(Files.readString(file))
        .startsWith(HEADER + "a,4,3,0 0.25 " + TEXT + " 18 9.765625E-4 ");

    ImageInstances truth =
        new ImageInstances("a", 3, 4, List.of(0, 5), List.of(new Instance(0, 1, MASK)));
    try (Submission.Writer writer = Submission.Writer.truth(file)) {
      writer.write(truth);
      assertThatThrownBy(() -> writer.write(new ImageInstances("x,y", 3, 4, List.of())))
          .hasMessageContaining("image id 'x,y'");
    }
    images.clear();
    Submission.readTruth(file, ClassList.HPA_2021, images::add);
    assertThat(images).containsExactly(truth);
  }

  @Test
  void takesQuotesMarksAndOtherLineEnds() throws IOException {
    List<ImageInstances> images =
        read(
            "\uFEFFid,imagewidth,ImageHeight,PredictionString,x\r\n\"a\",4,3,\"0 1 "
                + TEXT
                + "\",\r\n\r\nb,4,3,,");
    assertThat(images).hasSize(2);
    assertThat(images.get(0).instances()).containsExactly(new Instance(0, 1, MASK));
    assertThat(images.get(1).instances()).isEmpty();
  }

  @Test
  void readsTheOrganisersTruth() throws IOException {
    List<ImageInstances> images =
        readTruth(
            HEADER
                + "a,4,3,0 0.1 0.2 0.3 0.4 0 "
                + TEXT
                + " 5 0 1 0 1 1 "
                + TEXT
                + " 7 0 1 0 1 0 -1\n");
    assertThat(images.get(0).instances())
        .containsExactly(new Instance(0, 1, MASK), new Instance(5, 1, true, MASK));
    assertThat(readTruth(HEADER + "a,4,3,0 1 -1 5 1 " + TEXT + " 7 1 " + TEXT).get(0).instances())
        .hasSize(2);
  }

  @Test
  void everyBadLineIsOneClearError() throws IOException {
    assertBad("", "s.csv: no images");
    assertBad(HEADER, "s.csv: no images");
    assertBad("ID,Label\na,0\n", "s.csv:1: no column ImageWidth in the header ID,Label");
    assertBad(HEADER + "a,4\n", "s.csv:2: 2 columns (expected: 4, as in the header)");
    assertBad(HEADER + ",4,3,\n", "s.csv:2: empty ID");
    assertBad(HEADER + "a,x,3,\n", "s.csv:2: ImageWidth 'x' (expected: a whole number");
    assertBad(HEADER + "a,4,-3,\n", "s.csv:2: mask: image of height -3 and width 4");
    assertBad(HEADER + "a,4,3,\na,4,3,\n", "s.csv:3: image a is in the table already");
    assertBad(HEADER + "a,4,3,0 0.5\n", "s.csv:2: instance 1 has 2 fields (expected: 3");
    assertBad(HEADER + "a,4,3,19 1 " + TEXT, "s.csv:2: instance 1: label '19' (expected: a number");
    assertBad(HEADER + "a,4,3,x 1 " + TEXT, "s.csv:2: instance 1: label 'x'");
    assertBad(HEADER + "a,4,3,0 NaN " + TEXT, "s.csv:2: instance 1: confidence 'NaN'");
    assertBad(HEADER + "a,4,3,0 1e999 " + TEXT, "s.csv:2: instance 1: confidence '1e999'");
    assertBad(HEADER + "a,4,3,0 1 a!c\n", "s.csv:2: instance 1: mask: not base64");
    assertBad(HEADER + "a,4,4,0 1 " + TEXT, "s.csv:2: instance 1: mask: the runs add up to 12");
    assertBad(HEADER + "\"a,4,3,\n", "s.csv:2: quotes do not match");
    assertThatThrownBy(() -> Submission.read(folder.resolve("no"), ClassList.HPA_2021, i -> {}))
        .hasMessageContaining("no: no such file");
    String empty = MaskCodec.encode(Mask.ofRuns(3, 4, new int[] {12}));
    assertThatThrownBy(() -> readTruth(HEADER + "a,4,3,0 1 " + empty))
        .hasMessageContaining("t.csv:2: instance 1: the mask has no pixels");
    assertThatThrownBy(
            () -> readTruth("ID,ImageWidth,ImageHeight,PredictionString,Label\na,4,3,,0|99\n"))
        .hasMessageContaining("t.csv:2: Label: label '99' is not one of hpa2021's 19 classes");
  }

  private void assertBad(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnEndlessLine() throws IOException {
    Path file = folder.resolve("s.csv");
    try (var out = Files.newBufferedWriter(file)) {
      out.write(HEADER + "a,4,3,");
      String blank = " ".repeat(1 << 20);
      for (int i = 0; i < 33; i++) {
        out.write(blank);
      }
    }
    assertThatThrownBy(() -> Submission.read(file, ClassList.HPA_2021, i -> {}))
        .isInstanceOf(MetricException.class)
        .hasMessageContaining("s.csv:2: the line has more than 33554432 characters");
  }

  @Test
  void scoresASubmissionAgainstATruth() throws IOException {
    Path truth =
        file(
            "t.csv",
            "ID,ImageWidth,ImageHeight,PredictionString,Label\n"
                + "a,4,3,0 1 "
                + TEXT
                + ",0|5\nb,4,3,0 1 "
                + TEXT
                + ",0\n");
    Path submission =
        file("s.csv", HEADER + "z,9,9,\na,4,3,0 0.5 " + TEXT + " 5 0.5 " + TEXT + "\n");
    ContestResult result = ContestMetric.evaluate(truth, submission);
    assertThat(result.meanAveragePrecision()).isEqualTo(0.5);
    assertThat(result.images()).isEqualTo(2);
    assertThat(result.unpredicted()).containsExactly("b");
    assertThat(result.unknown()).containsExactly("z");
    assertThat(result.perClass().get(5).averagePrecision()).isNaN();
    Path stranger = file("x.csv", HEADER + "y,4,3,\n");
    assertThatThrownBy(() -> ContestMetric.evaluate(truth, stranger))
        .hasMessageContaining("none of its 1 image, such as y, is in");
    Path resized =
        file(
            "r.csv",
            HEADER + "a,3,3,0 1 " + MaskCodec.encode(Mask.ofRuns(3, 3, new int[] {0, 9})) + "\n");
    assertThatThrownBy(() -> ContestMetric.evaluate(truth, resized))
        .hasMessageContaining(
            "r.csv: a: mask of 9 pixels in 3 x 3 (expected: masks of the image's");
  }

  @Test
  void aRealSubmissionFindsItsOwnCells() {
    Optional<Path> found = RealData.find("kaggle2021/submission.csv");
    assumeTrue(found.isPresent(), "real data not here: kaggle2021/submission.csv");
    Path file = found.get();
    List<ImageInstances> images = new ArrayList<>();
    Submission.read(file, ClassList.HPA_2021, images::add);
    assertThat(images).hasSize(559);
    assertThat(images.stream().mapToInt(image -> image.instances().size()).sum()).isEqualTo(902);
    // 557 of the masks are empty, as in the sample submission: they find no cell.
    ContestMetric metric = new ContestMetric();
    for (ImageInstances image : images) {
      List<Instance> cells =
          image.instances().stream().filter(cell -> cell.mask().area() > 0).toList();
      metric.add(new ImageInstances(image.id(), image.height(), image.width(), cells), cells);
    }
    ContestResult result = metric.result();
    assertThat(result.perClass().stream().mapToInt(ContestResult.OfClass::right).sum())
        .isEqualTo(902 - 557);
    assertThat(result.meanAveragePrecision()).isCloseTo(1, within(1e-12));
  }

  @Test
  void quotesAndSeparatorsThatAreWrongAreSaidOnce() {
    assertThatThrownBy(() -> read(HEADER + "\"a,4,3,\n"))
        .isInstanceOf(MetricException.class)
        .hasMessageStartingWith(folder.resolve("s.csv") + ":2: quotes do not match: ")
        .hasMessageNotContaining("Exception");
    assertThatThrownBy(() -> read(HEADER.replace(',', ';') + "a;4;3;\n"))
        .hasMessageContaining("help: the columns must be separated by commas");
    assertThatThrownBy(() -> Submission.read(folder, ClassList.HPA_2021, image -> {}))
        .hasMessageStartingWith(folder + ": is a folder (expected: ");
  }
}
