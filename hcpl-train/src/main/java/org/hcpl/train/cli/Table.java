package org.hcpl.train.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file that grows by a chunk of rows an image, each on disk as soon as it is added, so that
 * an interrupted run keeps it. Where the chunks lie is for others to remember ({@link Chunk}); they
 * can be checked, read again and put in another order.
 */
final class Table implements AutoCloseable {
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  /**
   * Where rows lie, in bytes.
   *
   * @param crc32 of these bytes
   */
  record Chunk(long offset, int length, long crc32) {}

  private final Path file;
  private final Path part;
  private final byte[] header;
  private FileChannel channel;

  /**
   * A table that is not open yet: {@link #create} or {@link #open} it.
   *
   * @param header its first row, with its end
   */
  Table(Path file, String header) {
    this.file = file;
    this.part = file.resolveSibling(file.getFileName() + ".part");
    this.header = header.getBytes(StandardCharsets.UTF_8);
  }

  /** Rows as text, each with its end. */
  static String text(List<? extends List<?>> rows) {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, CSV)) {
      printer.printRecords(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The rows of a text. */
  static List<CSVRecord> rows(String text) {
    try (var parser = CSV.parse(new StringReader(text))) {
      return parser.getRecords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins anew, with the header alone. */
  void create() {
    close();
    try {
      Files.deleteIfExists(part);
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      write(channel, header);
      channel.close();
      channel = reopened();
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  /** Opens the file as it is, if there is one with this header. */
  boolean open() {
    try {
      if (!Files.isRegularFile(file)) {
        return false;
      }
      channel = reopened();
      return channel.size() >= header.length && Arrays.equals(bytes(0, header.length), header);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  private FileChannel reopened() throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Whether the bytes of a chunk are there, unchanged. */
  boolean holds(Chunk chunk) {
    try {
      return chunk.offset() >= header.length
          && chunk.length() >= 0
          && chunk.length() <= channel.size() - chunk.offset()
          && crc32(bytes(chunk)) == chunk.crc32();
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  /** The text of a chunk. */
  String read(Chunk chunk) {
    try {
      return new String(bytes(chunk), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  /** Adds rows to the end. */
  Chunk append(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      Chunk chunk = new Chunk(channel.size(), bytes.length, crc32(bytes));
      channel.position(chunk.offset());
      write(channel, bytes);
      return chunk;
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  /**
   * Prepares a file of these chunks in this order and nothing else; {@link #commit} makes it the
   * table.
   *
   * @return where the chunks will be
   */
  List<Chunk> arrange(List<Chunk> chunks) {
    List<Chunk> arranged = new ArrayList<>();
    long end = header.length;
    for (Chunk chunk : chunks) {
      arranged.add(new Chunk(end, chunk.length(), chunk.crc32()));
      end += chunk.length();
    }
    try {
      Files.deleteIfExists(part);
      if (arranged.equals(chunks)) {
        // Nothing moves; what follows is half of an image's rows.
        if (channel.size() > end) {
          channel.truncate(end);
        }
        return arranged;
      }
      try (FileChannel to =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        write(to, header);
        for (Chunk chunk : chunks) {
          write(to, bytes(chunk));
        }
      }
      return arranged;
    } catch (IOException e) {
      throw Outputs.failed(part, e);
    }
  }

  /** Puts what {@link #arrange} prepared in the place of the table. */
  void commit() {
    if (!Files.exists(part)) {
      return;
    }
    close();
    try {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      channel = reopened();
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }

  private byte[] bytes(Chunk chunk) throws IOException {
    return bytes(chunk.offset(), chunk.length());
  }

  private byte[] bytes(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("has become shorter");
      }
    }
    return buffer.array();
  }

  private static void write(FileChannel to, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private static long crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
  }
}
