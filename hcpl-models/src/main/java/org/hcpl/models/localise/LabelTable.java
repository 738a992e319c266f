package org.hcpl.models.localise;

import static org.hcpl.tensor.io.Words.count;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.tensor.io.FileErrors;

/**
 * Which labels each image has, in the order of the file. Reads the contests' tables: {@code
 * ID,Label} (2021), {@code Id,Target} and {@code Id,Target,Names} (2018); case of the header, byte
 * order mark and line ends do not matter, further columns are ignored.
 *
 * @param source what the table is called in messages
 * @param classes the list that the labels index
 * @param labels from image id to labels, sorted and without duplicates
 */
public record LabelTable(String source, ClassList classes, Map<String, List<Integer>> labels) {
  private static final List<String> ID_COLUMNS = List.of("id", "image", "image_id");
  private static final List<String> LABEL_COLUMNS = List.of("label", "target", "labels");

  public LabelTable {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * Reads a table.
   *
   * @throws LabelException naming file and line if the file is missing, has no such columns, or a
   *     line has no id, an id that came before, no label, or a label outside the list
   */
  public static LabelTable read(Path file, ClassList classes) {
    if (!Files.isRegularFile(file)) {
      throw new LabelException(
          file
              + (Files.isDirectory(file) ? ": is a folder" : ": no such file")
              + " (expected: a table with the columns ID,Label)\n"
              + "help: give the path of the table of labels, for example train.csv");
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreEmptyLines(true).get();
    try (CSVParser rows = CSVParser.parse(withoutMark(file), format)) {
      Map<String, List<Integer>> labels = new LinkedHashMap<>();
      int id = -1;
      int label = -1;
      for (CSVRecord row : rows) {
        String where = file + ":" + rows.getCurrentLineNumber();
        if (id < 0) {
          id = column(row, ID_COLUMNS, where);
          label = column(row, LABEL_COLUMNS, where);
          continue;
        }
        if (row.size() <= Math.max(id, label)) {
          throw new LabelException(
              where
                  + ": "
                  + count(row.size(), "column")
                  + " (expected: at least "
                  + (Math.max(id, label) + 1)
                  + ", as in the header)");
        }
        String key = row.get(id);
        if (key.isEmpty()) {
          throw new LabelException(where + ": empty image id (expected: the name its files share)");
        }
        if (labels.put(key, classes.parse(row.get(label), where)) != null) {
          throw new LabelException(
              where
                  + ": image "
                  + key
                  + " is in the table already (expected: one line an image)\n"
                  + "help: join its labels with '|' on one line");
        }
      }
      if (labels.isEmpty()) {
        throw new LabelException(
            file + ": no images (expected: a header ID,Label and one line an image)");
      }
      return new LabelTable(file.toString(), classes, labels);
    } catch (IOException | UncheckedIOException e) {
      throw new LabelException(
          file
              + ": cannot be read as a table: "
              + FileErrors.reason(e)
              + " (expected: CSV in UTF-8)\nhelp: save it again as CSV; a quote that opens must"
              + " close",
          e);
    }
  }

  private static Reader withoutMark(Path file) throws IOException {
    // A decoder that replaces bad bytes: a stray byte in a column nobody reads is no reason to
    // stop.
    PushbackReader reader =
        new PushbackReader(
            new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)));
    int first = reader.read();
    if (first >= 0 && first != '\uFEFF') {
      reader.unread(first);
    }
    return reader;
  }

  private static int column(CSVRecord header, List<String> names, String where) {
    for (int i = 0; i < header.size(); i++) {
      if (names.contains(header.get(i).toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    throw new LabelException(
        where
            + ": no column "
            + names.get(0)
            + " in the header "
            + header.toList()
            + " (expected: ID,Label or Id,Target)\n"
            + (header.size() == 1 && header.get(0).matches("(?s).*[;\t].*")
                ? "help: the columns must be separated by commas"
                : "help: the first line must name the columns; the text must be UTF-8"));
  }

  /**
   * The labels of an image.
   *
   * @throws LabelException if the table does not have it
   */
  public List<Integer> of(String id) {
    List<Integer> found = labels.get(id);
    if (found == null) {
      throw new LabelException(
          source
              + ": no line for image "
              + id
              + " (expected: one line an image; "
              + labels.size()
              + " are there)");
    }
    return found;
  }

  /**
   * Those of the given images that have no line in the table, in the given order; empty if all have
   * one.
   */
  public List<String> missing(Collection<String> ids) {
    List<String> missing = new ArrayList<>();
    for (String id : ids) {
      if (!labels.containsKey(id)) {
        missing.add(id);
      }
    }
    return missing;
  }

  /** How many images carry each label, {@code [classes]}. */
  public int[] counts() {
    int[] counts = new int[classes.size()];
    labels.values().forEach(of -> of.forEach(label -> counts[label]++));
    return counts;
  }

  /** This table of 2018 labels with the classes of 2021; images left without any are dropped. */
  public LabelTable to2021() {
    if (!classes.equals(ClassList.HPA_2018)) {
      throw new LabelException(
          source + ": has labels of " + classes.id() + " (expected: hpa2018, to map to hpa2021)");
    }
    Map<String, List<Integer>> mapped = new LinkedHashMap<>();
    labels.forEach(
        (id, of) -> {
          List<Integer> to = ClassList.from2018To2021(of);
          if (!to.isEmpty()) {
            mapped.put(id, to);
          }
        });
    return new LabelTable(source, ClassList.HPA_2021, mapped);
  }
}
