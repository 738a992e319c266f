package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.LabelException;
import org.hcpl.tensor.io.FileErrors;

/**
 * The contest's table, one line an image: {@code ID,ImageWidth,ImageHeight,PredictionString}, the
 * last a list of {@code label confidence mask} separated by spaces ({@link MaskCodec}). The truth
 * has the same form; see {@link #readTruth}.
 *
 * <p>Files are read a line at a time; a line may have {@value #MAX_LINE} characters and its masks
 * {@link MaskCodec#MAX_RUNS} runs together.
 */
public final class Submission {
  /**
   * Characters of the longest line that is read. A line of 100 cells of 19 classes has 2 million.
   */
  public static final int MAX_LINE = 1 << 25;

  private static final List<String> COLUMNS =
      List.of("ID", "ImageWidth", "ImageHeight", "PredictionString");

  /** Fields an instance in a line of the organisers' truth: label, box (4), IsGroupOf, mask. */
  private static final int ORGANISERS_FIELDS = 7;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private final Path file;
  private final ClassList classes;
  private final boolean truth;
  private final char[] buffer = new char[1 << 16];
  private int bufferAt;
  private int bufferEnd;
  private int lineNumber;
  private int[] columns;
  private int labelColumn = -1;

  private Submission(Path file, ClassList classes, boolean truth) {
    this.file = file;
    this.classes = classes;
    this.truth = truth;
  }

  /**
   * Reads a submission.
   *
   * @param use called for each image in the order of the file
   * @throws MetricException naming file and line if the file is missing or a line is not as it
   *     should be; lines before it have been handed over
   */
  public static void read(Path file, ClassList classes, Consumer<ImageInstances> use) {
    new Submission(file, classes, false).read(use);
  }

  /**
   * Reads the truth. Beside a submission's columns it may have {@code Label}, the labels verified
   * for the whole image, {@code 0|5}: a class that is named there is scored in that image though no
   * cell has it. Instances are {@code label 1 mask}, or the organisers' seven fields {@code label
   * xMin xMax yMin yMax isGroupOf mask}, of which the box is not used; instances whose mask is
   * {@code -1} are skipped.
   *
   * @throws MetricException as {@link #read}, and on a mask without pixels
   */
  public static void readTruth(Path file, ClassList classes, Consumer<ImageInstances> use) {
    new Submission(file, classes, true).read(use);
  }

  private void read(Consumer<ImageInstances> use) {
    if (!Files.isRegularFile(file)) {
      throw new MetricException(
          file
              + (Files.isDirectory(file) ? ": is a folder" : ": no such file")
              + " (expected: a table with the columns "
              + header()
              + ")");
    }
    Set<String> ids = new HashSet<>();
    try (Reader reader =
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      for (String line = nextLine(reader); line != null; line = nextLine(reader)) {
        if (line.isBlank()) {
          continue;
        }
        List<String> fields = fields(line);
        if (columns == null) {
          header(fields);
          continue;
        }
        ImageInstances image;
        try {
          image = image(fields);
        } catch (MetricException e) {
          throw new MetricException(where() + ": " + e.getMessage(), e);
        }
        if (!ids.add(image.id())) {
          throw new MetricException(
              where()
                  + ": image "
                  + image.id()
                  + " is in the table already (expected: one line an image)");
        }
        use.accept(image);
      }
    } catch (IOException e) {
      throw new MetricException(
          where() + ": cannot be read: " + FileErrors.reason(e) + " (expected: CSV in UTF-8)", e);
    }
    if (ids.isEmpty()) {
      throw new MetricException(
          file + ": no images (expected: a header " + header() + " and one line an image)");
    }
  }

  private String where() {
    return file + ":" + lineNumber;
  }

  /** The first line of a submission, without its end. */
  public static String header() {
    return String.join(",", COLUMNS);
  }

  /** The next line without its end and without a byte order mark; null after the last. */
  private String nextLine(Reader reader) throws IOException {
    lineNumber++;
    StringBuilder line = new StringBuilder();
    boolean any = false;
    while (true) {
      if (bufferAt == bufferEnd) {
        bufferAt = 0;
        bufferEnd = Math.max(0, reader.read(buffer));
        if (bufferEnd == 0) {
          break;
        }
      }
      any = true;
      int end = bufferAt;
      while (end < bufferEnd && buffer[end] != '\n') {
        end++;
      }
      line.append(buffer, bufferAt, end - bufferAt);
      bufferAt = Math.min(end + 1, bufferEnd);
      if (line.length() > MAX_LINE) {
        throw new MetricException(
            where()
                + ": the line has more than "
                + MAX_LINE
                + " characters (expected: one image a line)");
      }
      if (end < bufferEnd) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    boolean mark = lineNumber == 1 && !line.isEmpty() && line.charAt(0) == '\uFEFF';
    return line.substring(mark ? 1 : 0);
  }

  private List<String> fields(String line) throws IOException {
    if (line.indexOf('"') < 0) {
      return Arrays.asList(line.split(",", -1));
    }
    try (CSVParser parser = CSVParser.parse(line, CSVFormat.DEFAULT)) {
      List<CSVRecord> records = parser.getRecords();
      return records.get(0).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new MetricException(
          where()
              + ": quotes do not match: "
              + FileErrors.reason(e)
              + " (expected: one image a line)",
          e);
    }
  }

  private void header(List<String> names) {
    columns = new int[COLUMNS.size()];
    Arrays.fill(columns, -1);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).strip();
      for (int c = 0; c < columns.length; c++) {
        if (COLUMNS.get(c).equalsIgnoreCase(name)) {
          columns[c] = i;
        }
      }
      if (name.equalsIgnoreCase("Label")) {
        labelColumn = i;
      }
    }
    for (int c = 0; c < columns.length; c++) {
      if (columns[c] < 0) {
        throw new MetricException(
            where()
                + ": no column "
                + COLUMNS.get(c)
                + " in the header "
                + shorten(String.join(",", names), 120)
                + " (expected: "
                + header()
                + ")"
                + (names.size() == 1 && names.get(0).contains(";")
                    ? "\nhelp: the columns must be separated by commas"
                    : ""));
      }
    }
  }

  private ImageInstances image(List<String> fields) {
    int needed = Math.max(Arrays.stream(columns).max().orElseThrow(), truth ? labelColumn : -1) + 1;
    if (fields.size() < needed) {
      throw new MetricException(
          count(fields.size(), "column") + " (expected: " + needed + ", as in the header)");
    }
    String id = fields.get(columns[0]).strip();
    if (id.isEmpty()) {
      throw new MetricException("empty ID (expected: the name that the image's files share)");
    }
    int width = size("ImageWidth", fields.get(columns[1]));
    int height = size("ImageHeight", fields.get(columns[2]));
    List<Integer> labels = List.of();
    if (truth && labelColumn >= 0 && !fields.get(labelColumn).isBlank()) {
      try {
        labels = classes.parse(fields.get(labelColumn), "Label");
      } catch (LabelException e) {
        throw new MetricException(e.getMessage(), e);
      }
    }
    return new ImageInstances(
        id, height, width, labels, instances(fields.get(columns[3]), height, width));
  }

  private static int size(String column, String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new MetricException(
          column + " '" + shorten(text, 40) + "' (expected: a whole number of pixels)", e);
    }
  }

  private List<Instance> instances(String text, int height, int width) {
    List<Instance> found = new ArrayList<>();
    Map<String, Mask> masks = new HashMap<>();
    int runsLeft = MaskCodec.MAX_RUNS;
    Tokens tokens = new Tokens(text);
    int fields = truth && isOrganisersForm(text) ? ORGANISERS_FIELDS : 3;
    for (String label = tokens.next(); label != null; label = tokens.next()) {
      String[] rest = new String[fields - 1];
      for (int i = 0; i < rest.length; i++) {
        rest[i] = tokens.next();
        if (rest[i] == null) {
          throw new MetricException(
              "instance "
                  + (found.size() + 1)
                  + " has "
                  + (i + 1)
                  + " fields (expected: "
                  + fields
                  + (fields == 3 ? ", label confidence mask" : ", the organisers' form")
                  + ")\nhelp: the line was cut off when it was written or copied");
        }
      }
      String maskText = rest[rest.length - 1];
      String at = "instance " + (found.size() + 1) + ": ";
      int index = label(label, at);
      double confidence = fields == 3 ? number(rest[0], at) : 1;
      boolean group = fields != 3 && number(rest[4], at) != 0;
      if (truth && maskText.equals("-1")) {
        continue;
      }
      Mask mask = masks.get(maskText);
      if (mask == null) {
        try {
          mask = MaskCodec.decode(maskText, height, width, runsLeft);
        } catch (MetricException e) {
          throw new MetricException(at + e.getMessage(), e);
        }
        runsLeft -= mask.runs().length;
        masks.put(maskText, mask);
      }
      if (truth && mask.area() == 0) {
        throw new MetricException(
            at + "the mask has no pixels (expected: at least one; -1 skips an instance)");
      }
      found.add(new Instance(index, confidence, group, mask));
    }
    return found;
  }

  /**
   * Whether a line of the truth has seven fields an instance: its third field is a number and its
   * seventh a mask, where three fields an instance would have a mask and a label.
   */
  private static boolean isOrganisersForm(String text) {
    Tokens tokens = new Tokens(text);
    String third = null;
    for (int i = 0; i < 3; i++) {
      third = tokens.next();
    }
    String seventh = null;
    for (int i = 3; i < ORGANISERS_FIELDS; i++) {
      seventh = tokens.next();
    }
    return seventh != null
        && NUMBER.matcher(third).matches()
        && (seventh.equals("-1") || !NUMBER.matcher(seventh).matches());
  }

  private int label(String text, String at) {
    try {
      int label = Integer.parseInt(text);
      if (label >= 0 && label < classes.size()) {
        return label;
      }
    } catch (NumberFormatException e) {
      // Reported below with all other labels that are not in the list.
    }
    throw new MetricException(
        at
            + "label '"
            + shorten(text, 40)
            + "' (expected: a number from 0 to "
            + (classes.size() - 1)
            + ", a class of "
            + classes.id()
            + ")\nhelp: the fields are 'label confidence mask', separated by single spaces");
  }

  private static double number(String text, String at) {
    // parseDouble alone would take NaN, Infinity, hexadecimal numbers and a type suffix.
    if (NUMBER.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw new MetricException(
        at
            + "confidence '"
            + shorten(text, 40)
            + "' (expected: a finite number)\n"
            + "help: the fields are 'label confidence mask', separated by single spaces");
  }

  private static String shorten(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }

  /** Words of a text, without a copy of the whole. */
  private static final class Tokens {
    private final String text;
    private int at;

    Tokens(String text) {
      this.text = text;
    }

    String next() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at == text.length()) {
        return null;
      }
      int end = text.indexOf(' ', at);
      int from = at;
      at = end < 0 ? text.length() : end;
      return text.substring(from, at);
    }
  }

  /**
   * Refuses an image id that the tables cannot hold.
   *
   * @throws MetricException if it has a comma, a quote or a control character
   */
  public static void checkId(String id) {
    if (id.chars().anyMatch(c -> c < ' ' || c == ',' || c == '"')) {
      throw new MetricException(
          "submission: image id '"
              + id
              + "' (expected: no comma, quote or line end)\nhelp: rename the image's files");
    }
  }

  /**
   * A line of a submission with its end. Each mask is encoded once, however many classes share it;
   * confidences have the precision of a float.
   */
  public static String line(ImageInstances image) {
    StringBuilder line = new StringBuilder();
    try {
      append(line, image, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private static void append(Appendable out, ImageInstances image, boolean truth)
      throws IOException {
    checkId(image.id());
    out.append(image.id() + "," + image.width() + "," + image.height() + ",");
    Map<Mask, String> masks = new HashMap<>();
    String separator = "";
    for (Instance instance : image.instances()) {
      if (truth && instance.groupOf()) {
        throw new MetricException(
            image.id() + ": a group of cells (expected: single cells in a truth table)");
      }
      out.append(separator + instance.label() + " ");
      out.append(truth ? "1" : Float.toString((float) instance.confidence()));
      out.append(" " + masks.computeIfAbsent(instance.mask(), MaskCodec::encode));
      separator = " ";
    }
    if (truth) {
      out.append(",");
      separator = "";
      for (int label : image.labels()) {
        out.append(separator + label);
        separator = "|";
      }
    }
    out.append("\n");
  }

  /** Writes a submission or truth table, a line an image. */
  public static final class Writer implements AutoCloseable {
    private final BufferedWriter out;
    private final boolean truth;

    private Writer(Path file, boolean truth) throws IOException {
      this.out = Files.newBufferedWriter(file);
      this.truth = truth;
      out.write(header() + (truth ? ",Label\n" : "\n"));
    }

    /** A submission. */
    public static Writer submission(Path file) throws IOException {
      return new Writer(file, false);
    }

    /** A truth table, with the column {@code Label}. Groups have no form in it and are refused. */
    public static Writer truth(Path file) throws IOException {
      return new Writer(file, true);
    }

    /**
     * Adds a line, which is on disk on return. Each mask is encoded once, however many classes
     * share it; confidences have the precision of a float.
     */
    public void write(ImageInstances image) throws IOException {
      append(out, image, truth);
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
