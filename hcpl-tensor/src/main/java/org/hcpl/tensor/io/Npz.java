package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * NumPy's {@code .npz} files: a zip archive of {@code .npy} arrays, as {@code numpy.savez} and
 * {@code savez_compressed} write them.
 *
 * <p>What an array claims to need is checked against what its compressed bytes can hold at most,
 * and the sum against a limit, before anything is allocated.
 */
public final class Npz {
  /** The limit of {@link #read(Path)}: one GiB of values. */
  public static final long DEFAULT_LIMIT_BYTES = 1L << 30;

  /** Deflate cannot do better: 258 bytes for two bits. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  /** Room for the header, which the bound on the ratio does not cover for tiny entries. */
  private static final long SLACK_BYTES = 1024;

  private Npz() {}

  /** Reads all arrays, with {@link #DEFAULT_LIMIT_BYTES}. */
  public static SequencedMap<String, NamedArray> read(Path file) {
    return read(file, DEFAULT_LIMIT_BYTES);
  }

  /**
   * Reads all arrays.
   *
   * @param limitBytes how many bytes of float32 values all arrays together may take
   * @return the arrays by name (without {@code .npy}), in the order of the archive
   * @throws WeightFileException if the file is missing, truncated or damaged, holds anything but
   *     arrays, or exceeds the limit
   */
  public static SequencedMap<String, NamedArray> read(Path file, long limitBytes) {
    SequencedMap<String, NamedArray> arrays = new LinkedHashMap<>();
    String name = "";
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long left = limitBytes;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          continue;
        }
        name = entry.getName();
        NamedArray array = read(file, zip, entry, left);
        left -= 4L * array.size();
        if (arrays.put(array.name(), array) != null) {
          throw new NpyHeader.BadHeader("occurs twice");
        }
      }
      return arrays;
    } catch (NpyHeader.BadHeader | ArithmeticException e) {
      throw new WeightFileException(
          file, "array '" + name + "' " + e.getMessage(), "write it again with numpy.savez", e);
    } catch (IOException | IllegalArgumentException e) {
      // ZipFile reports names that are not UTF-8 as an IllegalArgumentException.
      throw new WeightFileException(
          file,
          "cannot be read: " + FileErrors.reason(e),
          "check that the file exists and is whole",
          e);
    }
  }

  private static NamedArray read(Path file, ZipFile zip, ZipEntry entry, long limitBytes)
      throws IOException {
    String name = entry.getName();
    if (!name.endsWith(".npy")) {
      throw new NpyHeader.BadHeader("is no npy array");
    }
    long atMost =
        Math.min(entry.getSize(), entry.getCompressedSize() * MAX_DEFLATE_RATIO + SLACK_BYTES);
    try (InputStream in = zip.getInputStream(entry);
        ReadableByteChannel channel = Channels.newChannel(in)) {
      NpyHeader header = NpyHeader.read(channel, atMost);
      long bytes = header.dataBytes();
      if (bytes > atMost) {
        throw new NpyHeader.BadHeader(
            "claims " + count(bytes, "byte") + " of data (expected: at most " + atMost + ")");
      }
      if (4 * NamedArray.elements(header.shape()) > limitBytes) {
        throw new WeightFileException(
            file,
            "array '"
                + name
                + "' takes the file over the limit: "
                + count(4 * NamedArray.elements(header.shape()), "byte")
                + " of values (expected: at most "
                + limitBytes
                + ")",
            "read it with a larger limit if you trust it");
      }
      NamedArray array = header.readArray(name.substring(0, name.length() - 4), channel);
      if (in.read() >= 0) {
        throw new NpyHeader.BadHeader("goes on after its " + count(bytes, "byte") + " of data");
      }
      return array;
    }
  }
}
