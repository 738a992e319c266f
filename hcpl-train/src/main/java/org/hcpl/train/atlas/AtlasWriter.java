package org.hcpl.train.atlas;

import static org.hcpl.tensor.io.Words.count;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.localise.ClassList;
import org.hcpl.train.metric.ImageInstances;
import org.hcpl.train.metric.Submission;

/**
 * Writes a synthetic atlas in the layout of the 2021 contest, and the truth beside it:
 *
 * <pre>
 * images/ID_{red,green,blue,yellow}.png   8-bit grey
 * labels.csv                              ID,Label: labels of images, 0|5
 * truth.csv                               for the contest's metric
 * cells.csv                               ID,Cell,Label: labels of single cells
 * masks/ID_cellmask.png, ID_nucleimask.png   16-bit, the value is the cell's number
 * atlas.json, README.md                   options, seed, class names
 * </pre>
 */
public final class AtlasWriter {
  private static final String README =
      """
      # Synthetic atlas
      Made-up microscopy images in the layout of the 2021 Human Protein Atlas contest; no real data. atlas.json has the options
      and the seed that they can be made from again.

      - images/ID_red.png microtubules, ID_green.png protein, ID_blue.png nucleus, ID_yellow.png endoplasmic reticulum; 8 bits
      - labels.csv: ID,Label, the labels of each image, separated by |
      - cells.csv: ID,Cell,Label, the true labels of each cell; Cell is its value in the masks
      - masks/ID_cellmask.png, masks/ID_nucleimask.png: label images, 16 bits
      - truth.csv: the true cells as the contest's metric takes them
      """;

  private static final String DESCRIPTION = "atlas.json";
  private final SyntheticAtlas atlas;
  private final int threads;
  private final IntConsumer progress;

  /**
   * A writer.
   *
   * @param threads that make images at the same time
   * @param progress called with the number of images written so far, from any of the threads
   */
  public AtlasWriter(SyntheticAtlas atlas, int threads, IntConsumer progress) {
    if (threads < 1) {
      throw new AtlasException(
          "synthetic atlas: " + count(threads, "thread") + " (expected: 1 or more)");
    }
    this.atlas = atlas;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Writes all images.
   *
   * @throws AtlasException if the folder holds anything but this atlas, or cannot be written
   */
  public void write(Path folder) {
    write(folder, IntStream.range(0, atlas.size()).boxed().toList(), 0);
  }

  /**
   * Writes {@code train} and {@code test} inside a folder, each a whole atlas of its own.
   *
   * @param testShare of the images of each pattern, see {@link SyntheticAtlas#testImages}; 0 writes
   *     {@code train} alone
   * @throws AtlasException if a folder holds anything but this atlas, cannot be written, or the
   *     share leaves one of the two without images
   */
  public void writeSplit(Path folder, double testShare) {
    if (testShare == 0) {
      check(folder.resolve("test"), List.of());
      write(folder.resolve("train"));
      return;
    }
    List<Integer> test = atlas.testImages(testShare);
    List<Integer> train =
        IntStream.range(0, atlas.size()).boxed().filter(i -> !test.contains(i)).toList();
    if (test.isEmpty() || train.isEmpty()) {
      throw new AtlasException(
          "synthetic atlas: a test share of "
              + testShare
              + " splits "
              + count(atlas.size(), "image")
              + " into "
              + train.size()
              + " and "
              + test.size()
              + " (expected: at least one on each side)\nhelp: make more images, or none for the test with a share of 0");
    }
    // Both before either is written: a training image must not lie in the other's test.
    check(folder.resolve("train"), train);
    check(folder.resolve("test"), test);
    write(folder.resolve("train"), train, 0);
    write(folder.resolve("test"), test, train.size());
  }

  private record Truth(
      ImageInstances instances, List<Integer> labels, List<List<Integer>> cellLabels) {}

  private void write(Path folder, List<Integer> indices, int doneBefore) {
    check(folder, indices);
    try {
      Files.createDirectories(folder.resolve("images"));
      Files.createDirectories(folder.resolve("masks"));
      Files.writeString(folder.resolve(DESCRIPTION), describe());
      List<Truth> truth = writeImages(folder, indices, doneBefore);
      writeTables(folder, truth);
      Files.writeString(folder.resolve("README.md"), README);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static AtlasException unusable(Path folder, IOException e) {
    return new AtlasException(
        folder
            + ": cannot be written: "
            + e
            + "\nhelp: check that it may be written to and has space left",
        e);
  }

  /** Refuses a folder that holds anything but these images of this atlas, or some of them. */
  private void check(Path folder, List<Integer> indices) {
    if (!Files.exists(folder)) {
      return;
    }
    Path description = folder.resolve(DESCRIPTION);
    try (Stream<Path> there = Files.list(folder)) {
      boolean same =
          Files.exists(description)
              && Files.readString(description).equals(describe())
              && holdsOnly(folder.resolve("images"), indices);
      if (!same && there.findAny().isPresent()) {
        throw new AtlasException(
            folder
                + ": is not empty (expected: a new or empty folder, or one with this same atlas)\n"
                + "help: choose another folder");
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private boolean holdsOnly(Path images, List<Integer> indices) throws IOException {
    if (!Files.isDirectory(images)) {
      return true;
    }
    Set<String> ids = indices.stream().map(atlas::id).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(images)) {
      return files
          .map(file -> file.getFileName().toString())
          .allMatch(
              name ->
                  name.startsWith(".")
                      || ids.contains(name.substring(0, Math.max(0, name.lastIndexOf('_')))));
    }
  }

  private String describe() throws JsonProcessingException {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("what", "synthetic atlas, made-up images; no real data");
    description.put("generator", SyntheticAtlas.VERSION);
    description.put("options", atlas.options());
    description.put("classNames", ClassList.HPA_2021.names());
    return new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(description)
        + "\n";
  }

  private List<Truth> writeImages(Path folder, List<Integer> indices, int doneBefore)
      throws IOException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    AtomicInteger done = new AtomicInteger(doneBefore);
    try {
      List<Future<Truth>> futures = new ArrayList<>();
      for (int index : indices) {
        futures.add(
            workers.submit(
                () -> {
                  SyntheticImage image = atlas.image(index);
                  writeFiles(folder, image);
                  progress.accept(done.incrementAndGet());
                  return new Truth(image.truth(), image.labels(), image.cellLabels());
                }));
      }
      List<Truth> truth = new ArrayList<>();
      for (Future<Truth> future : futures) {
        truth.add(future.get());
      }
      return truth;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AtlasException(folder + ": writing was interrupted", e);
    } finally {
      workers.shutdownNow();
    }
  }

  private static void writeFiles(Path folder, SyntheticImage image) {
    String id = image.image().id();
    for (Channel channel : Channel.values()) {
      ImageFiles.writePlane(
          image.image().plane(channel),
          folder.resolve("images").resolve(id + "_" + channel.fileName() + ".png"));
    }
    ImageFiles.writeLabels(image.cells(), folder.resolve("masks").resolve(id + "_cellmask.png"));
    ImageFiles.writeLabels(image.nuclei(), folder.resolve("masks").resolve(id + "_nucleimask.png"));
  }

  private static void writeTables(Path folder, List<Truth> truth) throws IOException {
    try (Writer labels = Files.newBufferedWriter(folder.resolve("labels.csv"));
        Writer cells = Files.newBufferedWriter(folder.resolve("cells.csv"));
        Submission.Writer instances = Submission.Writer.truth(folder.resolve("truth.csv"))) {
      labels.write("ID,Label\n");
      cells.write("ID,Cell,Label\n");
      for (Truth image : truth) {
        String id = image.instances().id();
        labels.write(id + "," + ClassList.HPA_2021.format(image.labels()) + "\n");
        for (int i = 0; i < image.cellLabels().size(); i++) {
          String of = ClassList.HPA_2021.format(image.cellLabels().get(i));
          cells.write(id + "," + (i + 1) + "," + of + "\n");
        }
        instances.write(image.instances());
      }
    }
  }
}
