package org.hcpl.train.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.hcpl.train.atlas.AtlasOptions;
import org.hcpl.train.atlas.AtlasWriter;
import org.hcpl.train.atlas.SyntheticAtlas;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws a synthetic atlas. */
@Command(
    name = "atlas",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    sortSynopsis = false,
    header = "Draws images of made-up cells with known labels.",
    description = {
      "",
      "A synthetic atlas in the contest's layout, in the folders train and test, each with images, masks, labels and the truth of every cell.",
      ""
    })
final class AtlasCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the atlas.")
  private Path out;

  @Range(min = 1, max = 1_000_000)
  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "100",
      description = "Number of images (default: ${DEFAULT-VALUE}).")
  private int images;

  @Range(min = 64, max = 4096)
  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "512",
      description = "Height and width (default: ${DEFAULT-VALUE}).")
  private int size;

  @Range(min = 0, below = 1)
  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      defaultValue = "0.25",
      description =
          "Share of the images for the test; 0 draws train alone (default: ${DEFAULT-VALUE}).")
  private double testShare;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Range(min = 0, max = 10)
  @Option(
      names = "--noise",
      paramLabel = "STRENGTH",
      defaultValue = "1",
      description =
          "Of photons and camera: 0 none, 1 a good confocal image (default: ${DEFAULT-VALUE}).")
  private double noise;

  @Range(min = 0, max = 20)
  @Option(
      names = "--blur",
      paramLabel = "PIXELS",
      defaultValue = "0.7",
      description = "Standard deviation of the microscope's blur (default: ${DEFAULT-VALUE}).")
  private double blur;

  @Range(min = 0, max = 1)
  @Option(
      names = "--absence",
      paramLabel = "SHARE",
      defaultValue = "0.15",
      description =
          "Share of the cells that lack one of their image's patterns (default: ${DEFAULT-VALUE}).")
  private double absence;

  @Range(min = 0, max = 18)
  @Option(
      names = "--classes",
      paramLabel = "LABEL",
      split = ",",
      description = "Numbers of the patterns that occur, as in 0,1,16 (default: all 19).")
  private List<Integer> classes;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AtlasOptions options =
        AtlasOptions.of(images, seed)
            .withSize(size)
            .withNoise(noise)
            .withBlur(blur)
            .withAbsence(absence);
    SyntheticAtlas atlas =
        new SyntheticAtlas(classes == null ? options : options.withClasses(classes));
    try (OutputFolder locked = OutputFolder.open(out);
        ProgressBar bar = ConsoleProgress.bar("drawing", images)) {
      new AtlasWriter(atlas, Runtime.getRuntime().availableProcessors(), bar::stepTo)
          .writeSplit(out, testShare);
    }
    spec.commandLine()
        .getOut()
        .println(
            "images, labels.csv, truth.csv and masks in "
                + out.resolve("train")
                + (testShare > 0 ? " and " + out.resolve("test") : ""));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
