package org.hcpl.tensor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the reference numbers are: the folder {@code golden} of the repository, found upwards from
 * the working directory, or the folder that the system property {@code hcpl.golden} names.
 */
public final class GoldenFiles {
  private static final String MARK = "generator.json";

  private GoldenFiles() {}

  /**
   * The folder of the reference numbers.
   *
   * @throws GoldenFileException if there is none
   */
  public static Path root() {
    String configured = System.getProperty("hcpl.golden");
    if (configured != null) {
      Path root = Path.of(configured);
      if (!Files.isRegularFile(root.resolve(MARK))) {
        throw new GoldenFileException(
            root, "holds no " + MARK, "set hcpl.golden to a folder of reference numbers");
      }
      return root;
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path root = folder.resolve("golden");
      if (Files.isRegularFile(root.resolve(MARK))) {
        return root;
      }
    }
    throw new GoldenFileException(
        start,
        "no folder golden here or above",
        "run inside the repository, or set -Dhcpl.golden=FOLDER");
  }

  /** The layer cases. */
  public static Path layers() {
    return root().resolve("layers.json");
  }

  /** The architecture of a model, by its key such as {@code efficientnet_b0}. */
  public static Path arch(String key) {
    return root().resolve("models").resolve(key + ".arch.json");
  }

  /** The files of outputs of a model in eval mode, one an input size, in name order. */
  public static List<Path> runs(String key) {
    return list("models", key, ".arch.json");
  }

  /** The files of a training step of a model, in name order. */
  public static List<Path> trainings(String key) {
    return list("train", key, null);
  }

  /** The scattering cases, in name order. */
  public static List<Path> scatterings() {
    return list("scattering", null, null);
  }

  /** The keys of all models whose architecture is here, in name order. */
  public static List<String> modelKeys() {
    return names("models")
        .filter(n -> n.endsWith(".arch.json"))
        .map(n -> n.replace(".arch.json", ""))
        .toList();
  }

  private static List<Path> list(String folder, String key, String exceptSuffix) {
    return names(folder)
        .filter(n -> key == null || n.startsWith(key + "."))
        .filter(n -> exceptSuffix == null || !n.endsWith(exceptSuffix))
        .map(root().resolve(folder)::resolve)
        .toList();
  }

  private static Stream<String> names(String folder) {
    Path path = root().resolve(folder);
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".json"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new GoldenFileException(
          path, "cannot be listed: " + e.getMessage(), "check the folder golden");
    }
  }
}
