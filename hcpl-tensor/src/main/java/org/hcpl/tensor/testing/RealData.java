package org.hcpl.tensor.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where tests find real data, which is never part of the repository: under the folder that the
 * system property or environment variable {@code HCPL_DATA} names, else under {@code shared/data}
 * beside the repository or further up. A test skips itself where the data is absent.
 */
public final class RealData {
  private RealData() {}

  /**
   * A file or folder of the real data.
   *
   * @param relative its path below the data folder, with forward slashes
   * @return where it is, or empty
   */
  public static Optional<Path> find(String relative) {
    String configured = System.getProperty("HCPL_DATA", System.getenv("HCPL_DATA"));
    if (configured != null) {
      return Optional.of(Path.of(configured, relative)).filter(Files::exists);
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("shared/data").resolve(relative);
      if (Files.exists(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
