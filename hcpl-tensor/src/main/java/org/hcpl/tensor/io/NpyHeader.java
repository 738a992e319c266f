package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an npy array: the magic bytes, the version, a length and a Python dictionary of
 * three keys.
 *
 * @param codec how a value is stored
 * @param order its byte order
 * @param fortran whether the first axis runs fastest
 * @param shape the sizes
 */
record NpyHeader(Codec codec, ByteOrder order, boolean fortran, int[] shape) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** A header of a plain array has about 100 bytes; NumPy itself refuses more than 10,000. */
  private static final int MAX_BYTES = 10_000;

  private static final int MAX_AXES = 64;

  private static final Map<String, Codec> CODECS =
      Map.ofEntries(
          Map.entry("f8", Codec.FLOAT64),
          Map.entry("f4", Codec.FLOAT32),
          Map.entry("f2", Codec.FLOAT16),
          Map.entry("i8", Codec.INT64),
          Map.entry("i4", Codec.INT32),
          Map.entry("i2", Codec.INT16),
          Map.entry("i1", Codec.INT8),
          Map.entry("u4", Codec.UINT32),
          Map.entry("u2", Codec.UINT16),
          Map.entry("u1", Codec.UINT8),
          Map.entry("b1", Codec.BOOL));

  private static final String KEY = "\\s*(['\"])(\\w+)\\1\\s*:\\s*";
  private static final Pattern ENTRY =
      Pattern.compile(KEY + "(?:'([^']*)'|\"([^\"]*)\"|(True|False)|\\(([^()]*)\\))\\s*(,|$)");

  /**
   * A header that is malformed or describes an array that cannot be read; the message says what.
   */
  static final class BadHeader extends IOException {
    @Serial private static final long serialVersionUID = 1;

    BadHeader(String message) {
      super(message);
    }
  }

  /**
   * Reads the header and leaves the channel at the data.
   *
   * @param available how many bytes the channel can have at most
   */
  static NpyHeader read(ReadableByteChannel channel, long available) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(MAGIC.length + 2);
    if (available < start.capacity() + 2) {
      throw new BadHeader(
          "has "
              + count(available, "byte")
              + " (expected: at least "
              + (start.capacity() + 2)
              + ")");
    }
    ArrayBytes.fill(channel, start);
    if (!Arrays.equals(Arrays.copyOf(start.array(), MAGIC.length), MAGIC)) {
      throw new BadHeader("does not begin like an npy array");
    }
    int version = start.get(MAGIC.length);
    if (version < 1 || version > 3) {
      throw new BadHeader("has npy version " + version + " (expected: 1 to 3)");
    }
    ByteBuffer length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    ArrayBytes.fill(channel, length);
    long bytes =
        version == 1 ? length.getShort(0) & 0xFFFF : Integer.toUnsignedLong(length.getInt(0));
    if (bytes > MAX_BYTES || bytes > available) {
      throw new BadHeader(
          "states a header of "
              + count(bytes, "byte")
              + " (expected: at most "
              + Math.min(MAX_BYTES, available)
              + ")");
    }
    ByteBuffer text = ByteBuffer.allocate((int) bytes);
    ArrayBytes.fill(channel, text);
    return parse(
        new String(
            text.array(), version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
  }

  private static NpyHeader parse(String text) throws BadHeader {
    String dictionary = text.strip();
    if (!dictionary.startsWith("{") || !dictionary.endsWith("}")) {
      throw new BadHeader("has a header that is no dictionary: " + brief(text));
    }
    String body = dictionary.substring(1, dictionary.length() - 1).strip();
    String type = null;
    Boolean fortran = null;
    int[] shape = null;
    Matcher entry = ENTRY.matcher(body);
    int at = 0;
    while (at < body.length()) {
      if (!entry.find(at) || entry.start() != at) {
        throw new BadHeader("has a header that cannot be understood: " + brief(body.substring(at)));
      }
      String string = entry.group(3) != null ? entry.group(3) : entry.group(4);
      switch (entry.group(2)) {
        case "descr" -> type = string;
        case "fortran_order" ->
            fortran = entry.group(5) == null ? null : Boolean.valueOf(entry.group(5));
        case "shape" -> shape = shape(entry.group(6));
        default -> throw new BadHeader("has an unknown header key " + entry.group(2));
      }
      at = entry.end();
    }
    if (type == null || fortran == null || shape == null) {
      throw new BadHeader("lacks a plain descr, fortran_order or shape: " + brief(text));
    }
    return typed(type, fortran, shape);
  }

  private static NpyHeader typed(String type, boolean fortran, int[] shape) throws BadHeader {
    Codec codec = type.length() == 3 ? CODECS.get(type.substring(1)) : null;
    char order = type.isEmpty() ? ' ' : type.charAt(0);
    boolean ordered =
        order == '<' || order == '>' || order == '|' && codec != null && codec.bytes() == 1;
    if (codec == null || !ordered) {
      throw new BadHeader(
          "holds values of type '"
              + brief(type)
              + "' (expected: one of "
              + CODECS.keySet().stream().sorted().toList()
              + ", plain)");
    }
    if (NamedArray.elements(shape) < 0) {
      throw new BadHeader("has shape " + Arrays.toString(shape) + ", which is too large");
    }
    return new NpyHeader(
        codec, order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, fortran, shape);
  }

  private static int[] shape(String tuple) throws BadHeader {
    if (tuple == null) {
      throw new BadHeader("has a shape that is no tuple");
    }
    List<Integer> sizes = new ArrayList<>();
    if (!tuple.isBlank()) {
      String list = tuple.strip();
      for (String size :
          (list.endsWith(",") ? list.substring(0, list.length() - 1) : list).split(",", -1)) {
        try {
          sizes.add(Integer.parseInt(size.strip()));
        } catch (NumberFormatException e) {
          throw new BadHeader(
              "has shape (" + brief(tuple) + ") (expected: integers up to 2^31 - 1)");
        }
      }
    }
    if (sizes.size() > MAX_AXES) {
      throw new BadHeader("has " + sizes.size() + " axes (expected: at most " + MAX_AXES + ")");
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static String brief(String text) {
    return text.length() <= 80 ? text.strip() : text.substring(0, 77) + "...";
  }

  /** The number of bytes that follow the header. */
  long dataBytes() {
    return NamedArray.elements(shape) * codec.bytes();
  }

  /** Reads the data; the caller has checked that it is there. */
  NamedArray readArray(String name, ReadableByteChannel channel) throws IOException {
    float[] values = ArrayBytes.read(channel, (int) NamedArray.elements(shape), codec, order);
    return new NamedArray(name, shape, fortran ? rowMajor(values) : values);
  }

  private float[] rowMajor(float[] columnMajor) {
    float[] values = new float[columnMajor.length];
    int axes = shape.length;
    int[] strides = new int[axes];
    int stride = 1;
    for (int axis = 0; axis < axes; axis++) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    int[] index = new int[axes];
    int source = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = columnMajor[source];
      for (int axis = axes - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        source -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}
