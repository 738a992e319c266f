package org.hcpl.train;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real images and tables, which are not part of the project. */
public final class RealData {
  private RealData() {}

  /**
   * A file or folder of the real data: under the system property or environment variable {@code
   * HCPL_DATA}, else under a folder {@code shared/data} beside the project or further up. The test
   * is skipped where it is not there.
   */
  public static Path of(String path) {
    String root = System.getProperty("HCPL_DATA", System.getenv("HCPL_DATA"));
    Path found = null;
    if (root != null) {
      found = Path.of(root, path);
    } else {
      for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
        found = at.resolve("shared/data").resolve(path);
        if (Files.exists(found)) {
          break;
        }
      }
    }
    Assumptions.assumeTrue(Files.exists(found), "real data not here: " + path);
    return found;
  }
}
