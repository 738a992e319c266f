package org.hcpl.models.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The images of one folder, found by their names; folders inside it are not entered.
 *
 * <p>{@link #channels} takes the layout of the Human Protein Atlas contests, {@code
 * <id>_{red,green,blue,yellow}.{png,tif,tiff}}, also packed ({@code .tif.gz}) and in capitals, and
 * beside it files of four channels, {@code <id>.ome.tif}. Any other picture is an image, too, whose
 * reading says what is wrong with it, unless its name is that of an image of four files or of a
 * result of this library. {@link #nuclei} takes files that hold the nucleus alone.
 *
 * <p>An id is only ever compared with the names found in the folder, never made into a path: an id
 * such as {@code ../secret} from somebody's table is unknown, and nothing outside is opened.
 */
public final class ImageFolder {
  /** A name may have line breaks in it, too. */
  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;

  private static final String EXTENSION = "\\.(?:png|tif|tiff)(?:\\.gz)?";
  private static final Pattern CHANNEL_FILE =
      Pattern.compile("(.+)_(red|green|blue|yellow)" + EXTENSION, FLAGS);
  private static final Pattern ANY_FILE = Pattern.compile("(.+?)(?:\\.ome)?" + EXTENSION, FLAGS);

  /** Names that this library gives to its own results. */
  private static final Pattern RESULT =
      Pattern.compile(".*_(?:cellmask|nucleimask|overlay|predictedmask|mask)|curves", FLAGS);

  private final Path folder;
  private final Map<String, Entry> entries;
  private final boolean nucleiOnly;

  /** What is said in place of the files, or NaN. */
  private final double pixelSizeMicrometres;

  /** The files of one image; a second file for the same thing is kept for the error message. */
  private static final class Entry {
    final Map<Channel, List<Path>> channels = new EnumMap<>(Channel.class);
    final List<Path> whole = new ArrayList<>();
  }

  private ImageFolder(
      Path folder, Map<String, Entry> entries, boolean nucleiOnly, double pixelSizeMicrometres) {
    this.folder = folder;
    this.entries = entries;
    this.nucleiOnly = nucleiOnly;
    this.pixelSizeMicrometres = pixelSizeMicrometres;
  }

  /**
   * Images of four channels.
   *
   * @throws ImageException if the folder cannot be listed or holds none
   */
  public static ImageFolder channels(Path folder) {
    Map<String, Entry> entries = new TreeMap<>();
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      Matcher channel = CHANNEL_FILE.matcher(name);
      Matcher whole = ANY_FILE.matcher(name);
      if (channel.matches()) {
        Channel which = Channel.valueOf(channel.group(2).toUpperCase(Locale.ROOT));
        entries
            .computeIfAbsent(id(channel), id -> new Entry())
            .channels
            .computeIfAbsent(which, c -> new ArrayList<>())
            .add(file);
      } else if (whole.matches() && !RESULT.matcher(whole.group(1)).matches()) {
        entries.computeIfAbsent(id(whole), id -> new Entry()).whole.add(file);
      }
    }
    if (entries.isEmpty()) {
      throw new ImageException(
          folder
              + ": no images found (expected: <id>_red.png, <id>_green.png, <id>_blue.png and"
              + " <id>_yellow.png, or the same as .tif, or <id>.ome.tif of four channels)\n"
              + "help: where each file holds the nucleus alone, say that the channel is nucleus");
    }
    return new ImageFolder(folder, entries, false, Double.NaN);
  }

  /**
   * Images of the nucleus alone, one file an image, grey or RGB. Of files that share an id in the
   * layout of {@link #channels}, the blue one is taken.
   *
   * @throws ImageException if the folder cannot be listed or holds none
   */
  public static ImageFolder nuclei(Path folder) {
    Map<String, Entry> entries = new TreeMap<>();
    List<Path> files = list(folder);
    Set<String> several = idsOfSeveralChannels(files);
    for (Path file : files) {
      Matcher name = ANY_FILE.matcher(file.getFileName().toString());
      Matcher channel = CHANNEL_FILE.matcher(file.getFileName().toString());
      if (channel.matches() && several.contains(channel.group(1))) {
        if (channel.group(2).equalsIgnoreCase(Channel.BLUE.fileName())) {
          entries.computeIfAbsent(id(channel), id -> new Entry()).whole.add(file);
        }
      } else if (name.matches() && !RESULT.matcher(name.group(1)).matches()) {
        entries.computeIfAbsent(id(name), id -> new Entry()).whole.add(file);
      }
    }
    if (entries.isEmpty()) {
      throw new ImageException(folder + ": no images found (expected: .png, .tif or .tiff files)");
    }
    return new ImageFolder(folder, entries, true, Double.NaN);
  }

  /**
   * The same images with pixels of that size, whatever their files say.
   *
   * @param micrometres edge of a pixel; NaN for what the files say
   */
  public ImageFolder withPixelSizeMicrometres(double micrometres) {
    return new ImageFolder(folder, entries, nucleiOnly, micrometres);
  }

  /** The id in a name; where that has signs that no line can show, with these written out. */
  private static String id(Matcher name) {
    StringBuilder id = new StringBuilder();
    name.group(1)
        .chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                id.append(String.format("\\u%04x", c));
              } else {
                id.append((char) c);
              }
            });
    return id.toString();
  }

  private static Set<String> idsOfSeveralChannels(List<Path> files) {
    Set<String> seen = new HashSet<>();
    Set<String> several = new HashSet<>();
    for (Path file : files) {
      Matcher channel = CHANNEL_FILE.matcher(file.getFileName().toString());
      if (channel.matches() && !seen.add(channel.group(1))) {
        several.add(channel.group(1));
      }
    }
    return several;
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ImageException(
          folder
              + (Files.exists(folder) ? ": is a file" : ": does not exist")
              + " (expected: a folder of images)");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (!file.getFileName().toString().startsWith(".")) {
          files.add(file);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      throw new ImageException(
          folder + ": cannot be listed: " + e.getMessage() + "\nhelp: check its permissions", e);
    }
    Collections.sort(files);
    return files;
  }

  /** All ids, sorted; those with a channel missing, too: reading them says so. */
  public List<String> ids() {
    return List.copyOf(entries.keySet());
  }

  /** The files that an image is read from, in a fixed order; none for an unknown id. */
  public List<Path> files(String id) {
    List<Path> files = new ArrayList<>();
    Entry entry = entries.get(id);
    if (entry != null) {
      entry.channels.values().forEach(files::addAll);
      if (files.isEmpty()) {
        files.addAll(entry.whole);
      }
    }
    return files;
  }

  /** Whether the images hold the nucleus alone. */
  public boolean nucleiOnly() {
    return nucleiOnly;
  }

  /**
   * Reads one image. Where it holds the nucleus alone, the other three channels are black.
   *
   * @throws ImageException if the id is unknown, a channel is missing or there twice, channels
   *     differ in size, or a file cannot be read
   */
  public HpaImage read(String id) {
    HpaImage image = stored(id);
    return Double.isNaN(pixelSizeMicrometres)
        ? image
        : image.withPixelSizeMicrometres(pixelSizeMicrometres);
  }

  private HpaImage stored(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new ImageException(
          folder + ": no image \"" + id + "\" (expected: one of " + entries.size() + " in there)");
    }
    checkName(id);
    if (entry.channels.isEmpty()) {
      StoredImage stored = ImageFiles.read(only(id, entry.whole));
      return nucleiOnly ? nucleus(id, stored) : stored.toHpaImage(id);
    }
    List<String> missing = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      if (!entry.channels.containsKey(channel)) {
        missing.add(channel.fileName());
      }
    }
    if (!missing.isEmpty()) {
      throw new ImageException(
          folder
              + ": image "
              + id
              + " lacks its "
              + String.join(", ", missing)
              + " channel (expected: "
              + id
              + "_"
              + missing.get(0)
              + ".png)\nhelp: copy the missing file, or move the image's other files away");
    }
    List<Plane> planes = new ArrayList<>();
    double pixelSize = Double.NaN;
    Plane first = null;
    for (Channel channel : Channel.values()) {
      Path file = only(id + " " + channel.fileName(), entry.channels.get(channel));
      StoredImage stored = ImageFiles.read(file);
      Plane plane = stored.single();
      first = first == null ? plane : first;
      if (plane.height() != first.height() || plane.width() != first.width()) {
        throw new ImageException(
            file
                + ": "
                + plane.dimensions()
                + " (expected: "
                + first.dimensions()
                + " as its red channel)\nhelp: export all channels at one size");
      }
      planes.add(plane);
      if (Double.isNaN(pixelSize)) {
        pixelSize = stored.pixelSizeMicrometres();
      }
    }
    return new HpaImage(id, planes, pixelSize);
  }

  /** Refuses names that would break lines of tables and messages. */
  private void checkName(String id) {
    for (Path file : files(id)) {
      String name = file.getFileName().toString();
      if (!name.contains(id)) {
        throw new ImageException(
            folder
                + ": the name of image "
                + id
                + " has a line break or another control character in it, written \\u here"
                + " (expected: signs that can be seen)\nhelp: rename the image's files");
      }
    }
  }

  private HpaImage nucleus(String id, StoredImage stored) {
    Plane nucleus = stored.single();
    Plane black = Plane.of(nucleus.height(), nucleus.width());
    return new HpaImage(id, List.of(black, black, nucleus, black), stored.pixelSizeMicrometres());
  }

  private Path only(String what, List<Path> files) {
    if (files.size() != 1) {
      throw new ImageException(
          folder
              + ": several files for "
              + what
              + ": "
              + files.stream().map(f -> f.getFileName().toString()).toList()
              + " (expected: one)\nhelp: move the others away");
    }
    return files.get(0);
  }

  /**
   * One image of a batch, or why it could not be read.
   *
   * @param image null if {@code error} is not
   * @param error null if the image was read
   */
  public record Loaded(String id, HpaImage image, ImageException error) {
    public boolean ok() {
      return error == null;
    }
  }

  /**
   * All images, sorted by id, read ahead on background threads; a bad image becomes a record with
   * its error, and the rest goes on. Close the stream if it may not be read to its end.
   *
   * @param ahead images that may wait in memory, at least 1
   */
  public Stream<Loaded> stream(int ahead) {
    return stream(ids(), ahead);
  }

  /** As {@link #stream(int)}, of the given ids in their order. */
  public Stream<Loaded> stream(List<String> ids, int ahead) {
    return Prefetch.ordered(
        ids, this::load, ahead, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  private Loaded load(String id) {
    try {
      return new Loaded(id, read(id), null);
    } catch (ImageException e) {
      return new Loaded(id, null, e);
    } catch (OutOfMemoryError e) {
      return new Loaded(
          id,
          null,
          new ImageException(
              id + ": not enough memory to read it\nhelp: give Java more memory with -Xmx", e));
    }
  }
}
