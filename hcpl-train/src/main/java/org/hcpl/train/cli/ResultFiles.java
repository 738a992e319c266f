package org.hcpl.train.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hcpl.models.image.ImageFolder;

/**
 * The files of images and of what is found in them, by their names.
 *
 * @param masks where cells are given, or null
 * @param out where results go
 * @param kinds of the files that are made of an image
 */
record ResultFiles(ImageFolder folder, Path masks, Path out, List<String> kinds)
    implements BatchProgress.Sources {
  static final List<String> CELLS = List.of("cellmask", "nucleimask", "overlay");

  @Override
  public List<String> ids() {
    return folder.ids();
  }

  @Override
  public List<Path> inputs(String id) {
    List<Path> files = new ArrayList<>(folder.files(id));
    // Masks that the results replace are looked at as results.
    if (masks != null && !same(masks, out)) {
      files.add(file(masks, id, "cellmask"));
    }
    return files;
  }

  @Override
  public List<Path> outputs(String id) {
    return kinds.stream().map(kind -> file(out, id, kind)).toList();
  }

  /** The file of a kind of an image. */
  static Path file(Path folder, String id, String kind) {
    return folder.resolve(id + "_" + kind + ".png");
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }
}
