package org.hcpl.tensor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/**
 * A TensorFlow checkpoint of format V2: {@code NAME.index}, a sorted table of the variables, and
 * {@code NAME.data-00000-of-0000N}, their bytes. The graph in {@code NAME.meta} is not needed.
 *
 * <p>Layout as in TensorFlow's {@code tensor_bundle} and LevelDB's table format. Numbers become
 * float32 as {@link Codec} says (dtypes float, double, half, bfloat16, int64, int32, int16, int8,
 * uint16, uint8, bool). Every block and every variable that is read is checked against its CRC-32C.
 * Variables in slices, strings, compressed tables and big-endian checkpoints are reported as not
 * supported.
 */
public final class TfCheckpoint {
  private static final String INDEX = ".index";
  static final String DAMAGED =
      "the checkpoint is damaged or incomplete; copy or download it again";

  /** TensorFlow's numbers of the dtypes that can be read. */
  private static final Map<Integer, Codec> CODECS =
      Map.ofEntries(
          Map.entry(1, Codec.FLOAT32),
          Map.entry(2, Codec.FLOAT64),
          Map.entry(3, Codec.INT32),
          Map.entry(4, Codec.UINT8),
          Map.entry(5, Codec.INT16),
          Map.entry(6, Codec.INT8),
          Map.entry(9, Codec.INT64),
          Map.entry(10, Codec.BOOL),
          Map.entry(14, Codec.BFLOAT16),
          Map.entry(17, Codec.UINT16),
          Map.entry(19, Codec.FLOAT16));

  private final Path prefix;
  private final int shards;
  private final SequencedMap<String, Entry> entries;

  private TfCheckpoint(Path prefix, int shards, SequencedMap<String, Entry> entries) {
    this.prefix = prefix;
    this.shards = shards;
    this.entries = entries;
  }

  /**
   * One variable.
   *
   * @param name its name in the graph, such as {@code ConvLayer-1/W_conv}
   * @param dtype TensorFlow's number of its type: 1 is float, 9 is int64
   * @param shape its sizes; empty for a scalar
   * @param shard the number of its data file
   * @param offset where its bytes begin there
   * @param bytes how many there are
   * @param crc the masked CRC-32C of the bytes
   * @param sliced whether the variable is stored in parts
   */
  public record Entry(
      String name,
      int dtype,
      int[] shape,
      int shard,
      long offset,
      long bytes,
      int crc,
      boolean sliced) {}

  /**
   * Reads the table of a checkpoint.
   *
   * @param path {@code NAME} or {@code NAME.index}
   * @throws WeightFileException if the file is missing, truncated or damaged
   */
  public static TfCheckpoint open(Path path) {
    String name = path.getFileName().toString();
    Path prefix =
        name.endsWith(INDEX)
            ? path.resolveSibling(name.substring(0, name.length() - INDEX.length()))
            : path;
    Path index = prefix.resolveSibling(prefix.getFileName() + INDEX);
    try {
      SequencedMap<String, byte[]> table = TfTable.read(index);
      byte[] header = table.remove("");
      if (header == null) {
        throw new WeightFileException(index, "has no header record", DAMAGED);
      }
      int shards = TfBundle.shards(index, header);
      SequencedMap<String, Entry> entries = new LinkedHashMap<>();
      for (Map.Entry<String, byte[]> record : table.entrySet()) {
        entries.put(
            record.getKey(),
            checked(index, shards, TfBundle.entry(index, record.getKey(), record.getValue())));
      }
      return new TfCheckpoint(prefix, shards, Collections.unmodifiableSequencedMap(entries));
    } catch (IOException e) {
      throw new WeightFileException(
          index,
          "cannot be read: " + FileErrors.reason(e),
          "give the path of a checkpoint without its endings, or its .index file",
          e);
    }
  }

  private static Entry checked(Path index, int shards, Entry entry) {
    long count = NamedArray.elements(entry.shape());
    Codec codec = CODECS.get(entry.dtype());
    boolean wrongSize = codec != null && !entry.sliced() && entry.bytes() != count * codec.bytes();
    if (count < 0 || entry.bytes() < 0 || entry.offset() < 0 || wrongSize) {
      throw new WeightFileException(
          index,
          "variable '"
              + entry.name()
              + "' of dtype "
              + entry.dtype()
              + " and shape "
              + Arrays.toString(entry.shape())
              + " lies at "
              + entry.offset()
              + " with "
              + entry.bytes()
              + " bytes"
              + (codec == null || count < 0 ? "" : " (expected: " + count * codec.bytes() + ")"),
          DAMAGED);
    }
    if (entry.shard() < 0 || entry.shard() >= shards) {
      throw new WeightFileException(
          index,
          "variable '" + entry.name() + "' lies in data file " + entry.shard() + " of " + shards,
          DAMAGED);
    }
    return entry;
  }

  /** The names of all variables, sorted as in the file. */
  public List<String> names() {
    return List.copyOf(entries.sequencedKeySet());
  }

  /** All variables by name. */
  public SequencedMap<String, Entry> entries() {
    return entries;
  }

  /** Reads all variables, sorted by name as in the file. */
  public SequencedMap<String, NamedArray> readAll() {
    SequencedMap<String, NamedArray> arrays = new LinkedHashMap<>();
    for (String name : entries.sequencedKeySet()) {
      arrays.put(name, read(name));
    }
    return arrays;
  }

  /**
   * Reads one variable.
   *
   * @throws WeightFileException if there is none of that name, it cannot be read as numbers, or its
   *     bytes are damaged
   */
  public NamedArray read(String name) {
    Path data = prefix.resolveSibling(prefix.getFileName() + ".data-");
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new WeightFileException(
          prefix,
          "holds no variable '" + name + "'",
          "it has " + entries.size() + " variables; list names()");
    }
    Codec codec = CODECS.get(entry.dtype());
    if (codec == null || entry.sliced()) {
      throw new WeightFileException(
          prefix,
          "variable '"
              + name
              + "' "
              + (entry.sliced() ? "is stored in slices" : "has dtype number " + entry.dtype()),
          "save the checkpoint without partitioned or text variables");
    }
    data =
        data.resolveSibling(data.getFileName() + "%05d-of-%05d".formatted(entry.shard(), shards));
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ)) {
      if (entry.offset() > channel.size() - entry.bytes()) {
        throw new WeightFileException(
            data,
            "has "
                + channel.size()
                + " bytes; variable '"
                + name
                + "' needs "
                + entry.bytes()
                + " from byte "
                + entry.offset(),
            DAMAGED);
      }
      checkBytes(data, channel.position(entry.offset()), entry);
      int count = (int) NamedArray.elements(entry.shape());
      channel.position(entry.offset());
      return new NamedArray(
          name, entry.shape(), ArrayBytes.read(channel, count, codec, ByteOrder.LITTLE_ENDIAN));
    } catch (ArithmeticException e) {
      throw new WeightFileException(
          data, "variable '" + name + "': " + e.getMessage(), "leave this variable out", e);
    } catch (IOException e) {
      throw new WeightFileException(
          data,
          "cannot be read: " + FileErrors.reason(e),
          Files.exists(data)
              ? "check that the file is readable"
              : "put the data file beside the .index file",
          e);
    }
  }

  private static void checkBytes(Path data, FileChannel channel, Entry entry) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(entry.bytes(), 1 << 18));
    for (long left = entry.bytes(); left > 0; left -= chunk.capacity()) {
      chunk.clear().limit((int) Math.min(left, chunk.capacity()));
      ArrayBytes.fill(channel, chunk);
      crc.update(chunk.flip());
    }
    int masked = TfTable.mask((int) crc.getValue());
    if (masked != entry.crc()) {
      throw new WeightFileException(
          data,
          "variable '%s' has checksum %08x (expected: %08x)"
              .formatted(entry.name(), masked, entry.crc()),
          DAMAGED);
    }
  }
}
