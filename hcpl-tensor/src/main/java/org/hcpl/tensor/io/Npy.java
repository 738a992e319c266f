package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} files, format versions 1 to 3: one array with its type, shape and order.
 *
 * <p>Reads float16/32/64, signed and unsigned integers of 8 to 32 bits, int64 and bool, in either
 * byte order, in C and Fortran order; values become float32 as {@link Codec} says. Arrays of Python
 * objects are refused. Writes C order, little-endian.
 */
public final class Npy {
  /** NumPy's codes of the types that can be written. */
  private static final Map<Codec, String> WRITTEN =
      Map.of(
          Codec.FLOAT32, "<f4",
          Codec.FLOAT64, "<f8",
          Codec.UINT8, "|u1",
          Codec.INT32, "<i4",
          Codec.INT64, "<i8");

  /** NumPy pads the header so that the data starts at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private Npy() {}

  /**
   * Reads a file; the array takes the file's name without {@code .npy}.
   *
   * @throws WeightFileException if the file is missing, truncated or damaged, or its type cannot be
   *     read
   */
  public static NamedArray read(Path file) {
    String fileName = file.getFileName().toString();
    String name =
        fileName.endsWith(".npy") ? fileName.substring(0, fileName.length() - 4) : fileName;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      NpyHeader header = NpyHeader.read(channel, channel.size());
      long rest = channel.size() - channel.position();
      if (rest != header.dataBytes()) {
        throw new NpyHeader.BadHeader(
            "holds "
                + count(rest, "byte")
                + " of data (expected: "
                + header.dataBytes()
                + " for "
                + header.codec()
                + " "
                + Arrays.toString(header.shape())
                + ")");
      }
      return header.readArray(name, channel);
    } catch (NpyHeader.BadHeader | ArithmeticException e) {
      throw new WeightFileException(file, e.getMessage(), "write it again with numpy.save", e);
    } catch (IOException e) {
      throw new WeightFileException(
          file,
          "cannot be read: " + FileErrors.reason(e),
          "check that the file exists and is whole",
          e);
    }
  }

  /** Writes an array as float32, replacing the file as a whole or not at all. */
  public static void write(Path file, NamedArray array) {
    write(file, array, Codec.FLOAT32);
  }

  /**
   * Writes an array, replacing the file as a whole or not at all.
   *
   * @param type FLOAT32, FLOAT64, UINT8, INT32 or INT64
   * @throws WeightFileException if the file cannot be written, or a value is no integer of the type
   */
  public static void write(Path file, NamedArray array, Codec type) {
    String code = WRITTEN.get(type);
    if (code == null) {
      throw new WeightFileException(
          file,
          "cannot be written as " + type,
          "use one of " + WRITTEN.keySet().stream().sorted().toList());
    }
    try {
      AtomicFile.write(
          file,
          out -> {
            out.write(headerBytes(code, array.shape()));
            ArrayBytes.write(out, array.values(), type);
          });
    } catch (ArithmeticException e) {
      throw new WeightFileException(
          file, "cannot hold " + e.getMessage(), "write it as FLOAT32", e);
    } catch (IOException e) {
      throw new WeightFileException(
          file,
          "cannot be written: " + FileErrors.reason(e),
          "give it a folder that exists and has room; the previous file, if any, is unchanged",
          e);
    }
  }

  private static byte[] headerBytes(String code, int[] shape) {
    String sizes = Arrays.stream(shape).mapToObj(s -> s + ",").collect(Collectors.joining(" "));
    String text = "{'descr': '" + code + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int before = NpyHeader.MAGIC.length + 4;
    int padded = (before + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    header.put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0).putShort((short) (padded - before));
    header.put(text.getBytes(StandardCharsets.ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
