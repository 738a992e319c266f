package org.hcpl.train.cli;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.image.ImageFiles;
import org.hcpl.train.RunRecord;

/**
 * Which images of a batch are done, and the tables that grow with them. An image is done once its
 * line is in the {@link ProgressFile}, which comes after its pictures and its rows; at the next
 * start it is taken up if the files that it was made from, its pictures and its rows are as they
 * were. All else is done anew: the tables lose the rows of such images, and half rows at the end.
 */
final class BatchProgress implements AutoCloseable {
  /** The files of the images of a batch. */
  interface Sources {
    /** All images, sorted. */
    List<String> ids();

    /** The files that the results of an image depend on. */
    List<Path> inputs(String id);

    /** The files that are made from it, if they are all made. */
    List<Path> outputs(String id);
  }

  private final ProgressFile file;
  private final ProgressFile.Head head;
  private final Sources sources;
  private final List<Table> tables;
  private final Map<String, ProgressFile.Entry> done = new TreeMap<>();
  private final Map<String, String> inputs = new HashMap<>();
  private FileTime begun;

  private BatchProgress(
      ProgressFile file, ProgressFile.Head head, Sources sources, List<Table> tables) {
    this.file = file;
    this.head = head;
    this.sources = sources;
    this.tables = tables;
  }

  /**
   * Takes up what a folder holds.
   *
   * @param file where progress is kept; of each command another one, as they may share a folder
   * @param settings all that results depend on beside the images
   * @param restart whether all images are done anew
   * @param warnings takes what is said of a file that cannot be used
   * @throws CommandException if the folder has results of other settings
   */
  static BatchProgress open(
      Path file,
      Map<String, String> settings,
      boolean restart,
      Sources sources,
      List<Table> tables,
      Consumer<String> warnings) {
    ProgressFile.Head head = ProgressFile.Head.of(RunRecord.version(), settings);
    BatchProgress progress = new BatchProgress(new ProgressFile(file), head, sources, tables);
    try {
      // Before any image is read: one that changes meanwhile is then seen to have changed.
      sources.ids().forEach(id -> progress.inputs.put(id, stamp(sources.inputs(id))));
      progress.take(restart ? Map.of() : progress.stored(warnings));
      progress.begun = Files.getLastModifiedTime(file);
      return progress;
    } catch (IOException e) {
      progress.close();
      throw Outputs.failed(file, e);
    } catch (RuntimeException | Error e) {
      progress.close();
      throw e;
    }
  }

  private Map<String, ProgressFile.Entry> stored(Consumer<String> warnings) {
    ProgressFile.Content content = file.read();
    if (content == null) {
      return Map.of();
    }
    ProgressFile.Head old = content.head();
    if (old == null) {
      warnings.accept(
          file.path() + ": damaged, or of another version of hcpl; all images are done anew");
      return Map.of();
    }
    if (!old.version().equals(head.version())) {
      warnings.accept(
          file.path()
              + ": of hcpl "
              + old.version()
              + " (expected: "
              + head.version()
              + "); all images are done anew");
      return Map.of();
    }
    if (!old.settings().equals(head.settings())) {
      throw new CommandException(
          file.path()
              + ": of a run with "
              + different(old.settings(), head.settings())
              + " (expected: "
              + different(head.settings(), old.settings())
              + ")\nhelp: choose another output folder; or add --restart, which does all images anew");
    }
    if (content.damaged() > 0) {
      warnings.accept(
          file.path()
              + ": "
              + count(content.damaged(), "line")
              + " damaged; their images are done anew");
    }
    return content.entries();
  }

  private static String different(Map<String, String> settings, Map<String, String> others) {
    List<String> parts = new ArrayList<>();
    settings.forEach(
        (key, value) -> {
          if (!String.valueOf(value).equals(others.get(key))) {
            parts.add(key + " " + value);
          }
        });
    return String.join(", ", parts);
  }

  private void take(Map<String, ProgressFile.Entry> stored) {
    boolean readable = !stored.isEmpty();
    for (Table table : tables) {
      readable = readable && table.open();
    }
    if (readable) {
      for (String id : sources.ids()) {
        ProgressFile.Entry entry = stored.get(id);
        if (entry != null && holds(id, entry)) {
          done.put(id, entry);
        }
      }
    }
    if (done.isEmpty()) {
      // The file first: it must not speak of rows that are gone.
      file.write(head, List.of());
      tables.forEach(Table::create);
    } else {
      arrange();
    }
  }

  private boolean holds(String id, ProgressFile.Entry entry) {
    if (entry.chunks().size() != tables.size()
        || !entry.inputs().equals(inputs.get(id))
        || !entry.outputs().equals(stamp(sources.outputs(id)))) {
      return false;
    }
    for (int i = 0; i < tables.size(); i++) {
      if (!tables.get(i).holds(entry.chunks().get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts the rows of all images in the order of their ids. A kill between the moves leaves rows
   * that the file does not fit, whose images would be done anew.
   */
  private void arrange() {
    Map<String, List<Table.Chunk>> places = new TreeMap<>();
    done.keySet().forEach(id -> places.put(id, new ArrayList<>()));
    for (int i = 0; i < tables.size(); i++) {
      int column = i;
      List<Table.Chunk> chunks =
          tables
              .get(i)
              .arrange(done.values().stream().map(each -> each.chunks().get(column)).toList());
      int at = 0;
      for (List<Table.Chunk> place : places.values()) {
        place.add(chunks.get(at++));
      }
    }
    done.replaceAll((id, entry) -> entry.at(places.get(id)));
    tables.forEach(Table::commit);
    file.write(head, done.values());
  }

  /** Images that are not done, sorted. */
  List<String> rest() {
    return sources.ids().stream().filter(id -> !done.containsKey(id)).toList();
  }

  /** Images that are done, sorted. */
  Collection<String> done() {
    return List.copyOf(done.keySet());
  }

  /** The rows of an image that is done. */
  List<CSVRecord> rows(String id, Table table) {
    return Table.rows(table.read(done.get(id).chunks().get(tables.indexOf(table))));
  }

  /** Seconds that all images took that are done, in earlier runs, too. */
  double seconds() {
    return done.values().stream().mapToDouble(ProgressFile.Entry::seconds).sum();
  }

  /**
   * An image is done, its pictures are on disk.
   *
   * @param rows of it, for each table
   */
  void add(String id, double seconds, List<String> rows) {
    List<Table.Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      chunks.add(tables.get(i).append(rows.get(i)));
    }
    ProgressFile.Entry entry =
        new ProgressFile.Entry(id, seconds, inputs.get(id), stamp(sources.outputs(id)), chunks);
    file.append(entry);
    done.put(id, entry);
  }

  /** The batch is over: brings the rows of images that were done out of turn to their places. */
  void finish() {
    arrange();
    ImageFiles.deleteParts(file.path().toAbsolutePath().getParent(), begun);
  }

  /** Sizes and times of files, {@code -} for one that is not there. */
  private static String stamp(List<Path> files) {
    StringBuilder stamp = new StringBuilder();
    for (Path each : files) {
      try {
        BasicFileAttributes facts = Files.readAttributes(each, BasicFileAttributes.class);
        stamp.append(facts.size()).append('@').append(facts.lastModifiedTime()).append(' ');
      } catch (IOException e) {
        stamp.append("- ");
      }
    }
    return stamp.toString().strip();
  }

  @Override
  public void close() {
    tables.forEach(Table::close);
  }
}
