package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * How good the segmentation is on real images; docs/segmentation.md holds the figures. Each image's
 * scores are printed, so that the worst ones can be looked at.
 */
class SegmentationQualityTest {
  @Test
  void nucleiOfTheScienceBowl() throws IOException {
    Path folder = find("dsb2018");
    List<Path> images;
    try (Stream<Path> files = Files.list(folder.resolve("images"))) {
      images = files.sorted().toList();
    }
    List<MaskMetrics.Counts> counts =
        images.parallelStream().map(image -> score(folder, image)).toList();
    List<MaskMetrics.Counts> even = new ArrayList<>();
    List<MaskMetrics.Counts> odd = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      (i % 2 == 0 ? even : odd).add(counts.get(i));
      print(i + " " + images.get(i).getFileName(), counts.get(i));
    }
    MaskMetrics.Summary all = print("all", counts);
    print("even, on which it was tuned", even);
    MaskMetrics.Summary unseen = print("odd, unseen", odd);

    assertThat(all.mean().ap50()).isGreaterThan(0.83);
    assertThat(all.mean().ap70()).isGreaterThan(0.70);
    assertThat(all.mean().aji()).isGreaterThan(0.78);
    assertThat(unseen.mean().ap50()).isGreaterThan(0.85);
  }

  private static MaskMetrics.Counts score(Path folder, Path image) {
    LabelImage truth = ImageFiles.readLabels(folder.resolve("labels").resolve(image.getFileName()));
    Segmentation found = new CellSegmenter().segmentNuclei(ImageFiles.readPlane(image), Double.NaN);
    return MaskMetrics.compare(truth, found.nuclei());
  }

  @Test
  void cellsOfTheProteinAtlas() {
    Path folder = find("hpa2021");
    List<MaskMetrics.Counts> counts = new ArrayList<>();
    ImageFolder images = ImageFolder.channels(folder.resolve("images"));
    try (Stream<ImageFolder.Loaded> loaded = images.stream(1)) {
      loaded.forEach(
          image -> {
            LabelImage masks =
                ImageFiles.readLabels(
                    folder.resolve("masks_predicted").resolve(image.id() + "_predictedmask.png"));
            long start = System.nanoTime();
            Segmentation found = new CellSegmenter().segment(image.image());
            double seconds = (System.nanoTime() - start) / 1e9;
            MaskMetrics.Counts score = MaskMetrics.compare(masks, found.cells());
            print(String.format(Locale.ROOT, "%s %.2f s", image.id(), seconds), score);
            counts.add(score);
          });
    }
    MaskMetrics.Summary all = print("all", counts);
    assertThat(all.mean().ap50()).isGreaterThan(0.88);
    assertThat(all.mean().dice()).isGreaterThan(0.9);
  }

  private static Path find(String name) {
    Optional<Path> folder = RealData.find(name);
    Assumptions.assumeTrue(folder.isPresent(), name + " is not here: real data is not committed");
    return folder.orElseThrow();
  }

  private static MaskMetrics.Summary print(String what, List<MaskMetrics.Counts> counts) {
    MaskMetrics.Summary summary = MaskMetrics.summary(counts);
    System.out.println(what + ": mean " + summary.mean() + ", pooled " + summary.pooled());
    return summary;
  }

  private static void print(String what, MaskMetrics.Counts counts) {
    System.out.println(
        what
            + ": true "
            + counts.truth()
            + ", found "
            + counts.found()
            + ", "
            + MaskMetrics.scores(counts));
  }
}
