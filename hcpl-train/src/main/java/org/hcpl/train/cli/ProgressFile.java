package org.hcpl.train.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.hcpl.tensor.io.FileErrors;

/**
 * The file that remembers which images of a batch are done: a line with what the run is, then a
 * line an image. Each is a JSON text behind its CRC-32, so that a line of which a kill left a half,
 * or that was changed, is known for what it is. No path is taken from it.
 */
final class ProgressFile {
  private static final int FORMAT = 1;
  private static final String NAME = "hcpl progress";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a run is.
   *
   * @param settings all that its results depend on beside the images
   */
  record Head(String name, int format, String version, Map<String, String> settings) {
    static Head of(String version, Map<String, String> settings) {
      return new Head(NAME, FORMAT, version, settings);
    }
  }

  /**
   * An image that is done.
   *
   * @param inputs sizes and times of the files that it was made from
   * @param outputs sizes and times of the files that were made from it
   * @param chunks its rows in each table
   */
  record Entry(
      String image, double seconds, String inputs, String outputs, List<Table.Chunk> chunks) {
    Entry {
      if (image == null || inputs == null || outputs == null || chunks == null) {
        throw new IllegalArgumentException("a field is missing");
      }
      chunks = List.copyOf(chunks);
    }

    Entry at(List<Table.Chunk> places) {
      return new Entry(image, seconds, inputs, outputs, places);
    }
  }

  /**
   * What a file says.
   *
   * @param head null if it is damaged or of another format
   * @param entries by image
   * @param damaged lines that are damaged, the last one left out if it is a half
   */
  record Content(Head head, Map<String, Entry> entries, int damaged) {}

  private final Path file;

  ProgressFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  /** What is remembered; null if there is no file. */
  Content read() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int damaged = 0;
    // Bytes that are no text become signs that no checksum fits, not an error.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      Head head = parse(lines.readLine(), Head.class);
      if (head == null
          || head.format() != FORMAT
          || !NAME.equals(head.name())
          || head.settings() == null
          || head.version() == null) {
        return new Content(null, Map.of(), 0);
      }
      String line = lines.readLine();
      while (line != null) {
        String next = lines.readLine();
        Entry entry = parse(line, Entry.class);
        if (entry != null) {
          entries.put(entry.image(), entry);
        } else if (next != null) {
          damaged++;
        }
        line = next;
      }
      return new Content(head, entries, damaged);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new CommandException(
          file
              + ": cannot be read: "
              + FileErrors.reason(e)
              + "\nhelp: delete it, which does all images anew, or choose another output folder",
          e);
    }
  }

  /** Replaces the file as a whole. */
  void write(Head head, Collection<Entry> entries) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
        out.write(line(head));
        for (Entry entry : entries) {
          out.write(line(entry));
        }
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  /** Adds a line, which is on disk on return. */
  void append(Entry entry) {
    try {
      Files.writeString(file, line(entry), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  private static String line(Object value) throws IOException {
    String json = JSON.writeValueAsString(value);
    return crc32(json) + " " + json + "\n";
  }

  private static <T> T parse(String line, Class<T> type) {
    int space = line == null ? -1 : line.indexOf(' ');
    if (space < 0 || !line.substring(0, space).equals(crc32(line.substring(space + 1)))) {
      return null;
    }
    try {
      return JSON.readValue(line.substring(space + 1), type);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String crc32(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
