package org.hcpl.train.data;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.models.image.Plane;
import org.hcpl.models.image.Prefetch;
import org.hcpl.models.localise.Contrast;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.tensor.op.Resize;

/**
 * Image files that hold one cell each, of one class: a folder for every class, or one folder and a
 * table {@code ID,Label} with class names, and where a column {@code Image} says so several cells
 * are from one image, to be kept together. A file {@code <id>_mask.png} beside {@code <id>.png}
 * says which pixels are the cell. Cells become squares, filled up with zeros, scaled to one size.
 */
public final class SingleCells {
  private static final String MASK = "_mask";
  private static final List<String> ID_COLUMNS = List.of("id");
  private static final List<String> LABEL_COLUMNS = List.of("label", "target");
  private static final List<String> IMAGE_COLUMNS = List.of("image");

  /** Pixels; a square of this side, as a cell is made into, takes 256 MiB. */
  private static final int MAX_SIDE = 8192;

  private SingleCells() {}

  /** A cell's file, the name of its class, and the image that it is from. */
  record Labelled(String id, Path file, String label, String image) {}

  /**
   * Reads all cells.
   *
   * @param folder of class folders, or of files where {@code labels} is given
   * @param labels table with the columns ID and Label, perhaps Image, or null
   * @param classes in the order of the targets; null for those found, sorted
   * @param side of the squares in pixels
   * @param warn gets a line for each file that cannot be read; those are left out
   */
  public static CellStore read(
      Path folder,
      Path labels,
      List<String> classes,
      int side,
      Contrast contrast,
      Consumer<String> warn) {
    List<Labelled> files =
        byImage(labels == null ? classFolders(folder) : table(folder, labels, warn));
    TreeSet<String> found = new TreeSet<>();
    files.forEach(file -> found.add(file.label()));
    List<String> order = classes == null ? List.copyOf(found) : classes;
    for (String label : found) {
      if (!order.contains(label)) {
        throw new ImageException(
            (labels == null ? folder : labels)
                + ": unknown class '"
                + label
                + "' (expected one of: "
                + order
                + ")");
      }
    }
    CellStore store = new CellStore(side, 1, order, contrast);
    try (Stream<Object> pixels =
        Prefetch.<Labelled, Object>ordered(
            files, file -> readOrError(file, side, contrast), 64, 2)) {
      var each = pixels.iterator();
      Map<String, Integer> numbers = new HashMap<>();
      for (Labelled file : files) {
        Object result = each.next();
        if (result instanceof float[] values) {
          float[] target = new float[order.size()];
          target[order.indexOf(file.label())] = 1;
          store.add(file.image(), numbers.merge(file.image(), 1, Integer::sum), values, target);
        } else {
          warn.accept(((ImageException) result).getMessage());
        }
      }
    }
    if (store.size() == 0) {
      throw new ImageException(
          folder
              + ": no readable cell image (expected: folders of PNG or TIFF files, one a class, or --labels)");
    }
    return store;
  }

  private static Object readOrError(Labelled file, int side, Contrast contrast) {
    try {
      return pixels(file.file(), side, contrast);
    } catch (ImageException e) {
      return e;
    }
  }

  /** One cell as {@code [side, side, 1]}. */
  static float[] pixels(Path file, int side, Contrast contrast) {
    Plane plane = ImageFiles.readPlane(file);
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path maskFile = file.resolveSibling(name.substring(0, dot) + MASK + name.substring(dot));
    if (!Files.exists(maskFile)) {
      maskFile = file.resolveSibling(name.substring(0, dot) + MASK + ".png");
    }
    if (Math.max(plane.height(), plane.width()) > MAX_SIDE) {
      throw new ImageException(
          file
              + ": "
              + plane.dimensions()
              + " pixels (expected: one cell, at most "
              + MAX_SIDE
              + " a side)\nhelp: cut the cells out, one file each");
    }
    float[] values = plane.values().clone();
    if (Files.exists(maskFile)) {
      Plane mask = ImageFiles.readPlane(maskFile);
      if (mask.height() != plane.height() || mask.width() != plane.width()) {
        throw new ImageException(
            maskFile
                + ": "
                + mask.dimensions()
                + " pixels (expected: "
                + plane.dimensions()
                + ", as "
                + name
                + ")");
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = mask.values()[i] > 0 ? values[i] : 0;
      }
    }
    int length = Math.max(plane.height(), plane.width());
    float[] square = new float[length * length];
    int top = (length - plane.height()) / 2;
    int left = (length - plane.width()) / 2;
    for (int y = 0; y < plane.height(); y++) {
      System.arraycopy(values, y * plane.width(), square, (top + y) * length + left, plane.width());
    }
    contrast.apply(square, 0, square.length, 1);
    return length == side
        ? square
        : Tensor.of(square, Shape.of(1, length, length, 1))
            .resize(side, side, Resize.Mode.BILINEAR)
            .toArray();
  }

  private static List<Labelled> classFolders(Path folder) {
    List<Labelled> files = new ArrayList<>();
    for (Path classFolder : list(folder)) {
      if (Files.isDirectory(classFolder)) {
        String label = classFolder.getFileName().toString();
        for (Path file : list(classFolder)) {
          if (isCell(file)) {
            String id = label + "/" + stem(file);
            files.add(new Labelled(id, file, label, id));
          }
        }
      }
    }
    if (files.isEmpty()) {
      throw new ImageException(
          folder
              + ": no folders with PNG or TIFF files in it (expected: one folder a class)\nhelp: or name a table of labels with --labels");
    }
    return files;
  }

  /** The places of a table's columns; that of the image is -1 where there is none. */
  private record Columns(int id, int label, int image) {
    static Columns of(CSVRecord header, Path labels) {
      Columns columns =
          new Columns(
              column(header, ID_COLUMNS),
              column(header, LABEL_COLUMNS),
              column(header, IMAGE_COLUMNS));
      if (columns.id < 0 || columns.label < 0) {
        throw new ImageException(
            labels
                + ": columns "
                + header.toList()
                + " (expected: ID and Label)\nhelp: the first line must name the columns,"
                + " separated by commas");
      }
      return columns;
    }

    /** Refuses a row that ends too soon or has no label. */
    void check(CSVRecord row, String where) {
      int needed = Math.max(Math.max(id, label), image) + 1;
      if (row.size() < needed) {
        throw new ImageException(
            where
                + ": "
                + count(row.size(), "column")
                + " (expected: "
                + needed
                + ", as in the header)");
      }
      if (row.get(label).isEmpty()) {
        throw new ImageException(where + ": no label (expected: the name of a class)");
      }
    }
  }

  private static List<Labelled> table(Path folder, Path labels, Consumer<String> warn) {
    Map<String, Path> byId = new LinkedHashMap<>();
    for (Path file : list(folder)) {
      if (isCell(file)) {
        Path other = byId.put(stem(file), file);
        if (other != null) {
          throw new ImageException(
              folder
                  + ": two files for cell "
                  + stem(file)
                  + ": "
                  + other.getFileName()
                  + ", "
                  + file.getFileName()
                  + "\nhelp: move one of them away");
        }
      }
    }
    List<Labelled> files = new ArrayList<>();
    Map<String, Path> left = new LinkedHashMap<>(byId);
    CSVFormat format = CSVFormat.DEFAULT.builder().setTrim(true).get();
    // Decoding that replaces bad bytes: a stray one in a column nobody reads is no reason to stop.
    try (Reader reader =
            new InputStreamReader(Files.newInputStream(labels), StandardCharsets.UTF_8);
        CSVParser rows = CSVParser.parse(reader, format)) {
      Columns columns = null;
      for (CSVRecord row : rows) {
        if (columns == null) {
          columns = Columns.of(row, labels);
          continue;
        }
        String where = labels + ":" + rows.getCurrentLineNumber();
        columns.check(row, where);
        String name = row.get(columns.id);
        Path file = left.remove(name);
        if (file != null) {
          String image = columns.image < 0 ? name : row.get(columns.image);
          files.add(new Labelled(name, file, row.get(columns.label), image));
        } else if (byId.containsKey(name)) {
          throw new ImageException(
              where + ": cell " + name + " is in the table already (expected: one line a cell)");
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ImageException(
          labels
              + ": cannot be read: "
              + FileErrors.reason(e)
              + " (expected: a CSV table with the columns ID and Label)",
          e);
    }
    if (files.isEmpty()) {
      throw new ImageException(
          labels
              + ": names none of the "
              + count(byId.size(), "image")
              + " in "
              + folder
              + " (expected: their names without extension in the column ID)");
    }
    if (!left.isEmpty()) {
      warn.accept(
          "left out "
              + left.size()
              + " of "
              + count(byId.size(), "cell")
              + ", without a label in "
              + labels
              + ": "
              + left.keySet().stream().limit(5).toList());
    }
    return files;
  }

  /**
   * The cells of an image one after the other, as a store wants them; the order stays where each
   * has an image of its own.
   */
  private static List<Labelled> byImage(List<Labelled> files) {
    Map<String, List<Labelled>> byImage = new LinkedHashMap<>();
    files.forEach(
        file -> byImage.computeIfAbsent(file.image(), image -> new ArrayList<>()).add(file));
    return byImage.values().stream().flatMap(List::stream).toList();
  }

  /** The place of the column with one of these names; -1 if there is none. */
  private static int column(CSVRecord header, List<String> names) {
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i).replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
      if (names.contains(name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isCell(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean image = name.endsWith(".png") || name.endsWith(".tif") || name.endsWith(".tiff");
    return image && Files.isRegularFile(file) && !stem(file).endsWith(MASK);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new ImageException(
          folder
              + ": not a readable folder: "
              + FileErrors.reason(e)
              + " (expected: a folder of cells)",
          e);
    }
  }
}
