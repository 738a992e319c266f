package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A safetensors file: an 8-byte little-endian header length, a JSON header that names dtype, shape
 * and byte range of every tensor, and the bytes. Format version 0.x as of the safetensors project,
 * read strictly: ranges must follow one another without hole or overlap and fill the file.
 *
 * <p>{@link #open} reads the header alone; {@link #read} then reads one tensor. The file is not
 * kept open. Dtypes F64, F32, F16, BF16, I64, I32, I16, I8, U32, U16, U8 and BOOL become float32 as
 * {@link Codec} says; a tensor of another dtype is listed and cannot be read.
 */
public final class Safetensors {
  /** The dtype names of the format that this library can read. */
  static final Map<String, Codec> CODECS =
      Map.ofEntries(
          Map.entry("F64", Codec.FLOAT64),
          Map.entry("F32", Codec.FLOAT32),
          Map.entry("F16", Codec.FLOAT16),
          Map.entry("BF16", Codec.BFLOAT16),
          Map.entry("I64", Codec.INT64),
          Map.entry("I32", Codec.INT32),
          Map.entry("I16", Codec.INT16),
          Map.entry("I8", Codec.INT8),
          Map.entry("U32", Codec.UINT32),
          Map.entry("U16", Codec.UINT16),
          Map.entry("U8", Codec.UINT8),
          Map.entry("BOOL", Codec.BOOL));

  static final String METADATA = "__metadata__";
  static final String DAMAGED =
      "the file is damaged or is no safetensors file; copy or download it again";

  /** Data starts at a multiple of this, as the format recommends. */
  private static final int ALIGNMENT = 8;

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final SafetensorsHeader header;

  private Safetensors(Path file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * One tensor of a file.
   *
   * @param name its name
   * @param dtype the format's name of its type, such as {@code F32}
   * @param shape its sizes; empty for a scalar
   * @param begin first byte, counted from the end of the header
   * @param end one past its last byte
   */
  public record Entry(String name, String dtype, int[] shape, long begin, long end) {}

  /**
   * Reads and checks the header of a file.
   *
   * @throws WeightFileException if the file is missing, truncated, damaged or hostile
   */
  public static Safetensors open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Safetensors(file, SafetensorsHeader.read(file, channel));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The file this was opened from. */
  public Path file() {
    return file;
  }

  /** The names of all tensors, in the order of the header. */
  public List<String> names() {
    return List.copyOf(header.entries().sequencedKeySet());
  }

  /** All tensors by name, in the order of the header. */
  public SequencedMap<String, Entry> entries() {
    return header.entries();
  }

  /** The free texts of the file; empty where it has none. */
  public SequencedMap<String, String> metadata() {
    return header.metadata();
  }

  /** Whether the file has a tensor of that name. */
  public boolean contains(String name) {
    return header.entries().containsKey(name);
  }

  /**
   * Reads one tensor.
   *
   * @throws WeightFileException if there is none of that name, its dtype or a value has no float32,
   *     or the file has changed
   */
  public NamedArray read(String name) {
    return read(List.of(name)).getFirst();
  }

  /**
   * Reads all tensors, in the order of the header. Takes about as much memory as the file, twice
   * that for F16.
   */
  public List<NamedArray> readAll() {
    return read(names());
  }

  private List<NamedArray> read(List<String> names) {
    List<NamedArray> arrays = new ArrayList<>(names.size());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (String name : names) {
        arrays.add(read(channel, name));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return arrays;
  }

  private NamedArray read(FileChannel channel, String name) throws IOException {
    Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new WeightFileException(
          file,
          "holds no tensor '" + name + "'",
          "it has " + header.entries().size() + " tensors; list names()");
    }
    Codec codec = CODECS.get(entry.dtype());
    if (codec == null) {
      throw new WeightFileException(
          file,
          "tensor '"
              + name
              + "' has dtype "
              + entry.dtype()
              + " (expected one of: "
              + CODECS.keySet().stream().sorted().toList()
              + ")",
          "convert the file to F32 or BF16");
    }
    long position = header.dataStart() + entry.begin();
    if (header.dataStart() + entry.end() > channel.size()) {
      throw new WeightFileException(
          file, "is shorter than when it was opened", "do not change a file while it is read");
    }
    channel.position(position);
    try {
      int count = (int) NamedArray.elements(entry.shape());
      return new NamedArray(
          name, entry.shape(), ArrayBytes.read(channel, count, codec, ByteOrder.LITTLE_ENDIAN));
    } catch (ArithmeticException e) {
      throw new WeightFileException(
          file, "tensor '" + name + "': " + e.getMessage(), "convert the tensor to F32 before", e);
    }
  }

  /**
   * Writes arrays as F32, replacing the file as a whole or not at all.
   *
   * @param arrays what to write, in this order; names must differ
   * @param metadata free texts to keep with them; may be empty
   * @throws WeightFileException if the file cannot be written (the old one is then unchanged) or a
   *     name occurs twice
   */
  public static void write(Path file, Collection<NamedArray> arrays, Map<String, String> metadata) {
    Set<String> names = new HashSet<>(Set.of(METADATA));
    for (NamedArray array : arrays) {
      if (!names.add(array.name())) {
        throw new WeightFileException(
            file,
            "tensor name '" + array.name() + "' is reserved or occurs twice",
            "give every tensor its own name");
      }
    }
    try {
      byte[] json = headerBytes(arrays, metadata);
      AtomicFile.write(
          file,
          out -> {
            out.write(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
            out.write(json);
            for (NamedArray array : arrays) {
              ArrayBytes.write(out, array.values(), Codec.FLOAT32);
            }
          });
    } catch (IOException e) {
      long bytes = arrays.stream().mapToLong(a -> 4L * a.size()).sum();
      throw new WeightFileException(
          file,
          "cannot be written: " + FileErrors.reason(e),
          "give it a folder that exists and has "
              + count(bytes, "byte")
              + " free; the previous file, if any, is unchanged",
          e);
    }
  }

  private static byte[] headerBytes(Collection<NamedArray> arrays, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> text : metadata.entrySet()) {
          json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (NamedArray array : arrays) {
        long end = begin + 4L * array.size();
        json.writeObjectFieldStart(array.name());
        json.writeStringField("dtype", "F32");
        json.writeFieldName("shape");
        json.writeArray(array.shape(), 0, array.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    }
    byte[] header = bytes.toByteArray();
    int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] aligned = Arrays.copyOf(header, padded);
    Arrays.fill(aligned, header.length, padded, (byte) ' ');
    return aligned;
  }

  private static WeightFileException unreadable(Path file, IOException e) {
    return new WeightFileException(
        file,
        "cannot be read: " + FileErrors.reason(e),
        "check that the file exists and is readable",
        e);
  }
}
