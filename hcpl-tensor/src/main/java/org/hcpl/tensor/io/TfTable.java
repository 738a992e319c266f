package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/**
 * Reads LevelDB's sorted string table, in which TensorFlow keeps the index of a checkpoint.
 *
 * <p>The file ends with a footer of 48 bytes: the handles (offset, size) of a meta index and of the
 * index block, zeros, and a magic number. The index block lists the handles of the data blocks. A
 * block is a run of entries, each {@code shared length, own length, value length} as varints, the
 * rest of the key and the value, then restart points, which only serve searching. After a block
 * come one byte of compression and a masked CRC-32C.
 */
final class TfTable {
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  /** Larger tables are refused: room for a million variables. */
  private static final long MAX_BYTES = 64 << 20;

  /**
   * Keys are prefix-compressed, so a small file can describe large keys; a real table's keys
   * together stay far below.
   */
  private static final long MAX_KEY_BYTES = 64 << 20;

  private final Path file;
  private final ByteBuffer bytes;
  private long blocksEnd;
  private long keyBytes;

  private TfTable(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** The records of a table by key, in order. */
  static SequencedMap<String, byte[]> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < FOOTER_BYTES || size > MAX_BYTES) {
        throw bad(
            file,
            "has "
                + count(size, "byte")
                + " (expected: "
                + FOOTER_BYTES
                + " to "
                + MAX_BYTES
                + ")");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
      ArrayBytes.fill(channel, bytes);
      return new TfTable(file, bytes.flip()).records();
    } catch (BufferUnderflowException e) {
      throw new WeightFileException(
          file, "has a record that ends too early", TfCheckpoint.DAMAGED, e);
    }
  }

  /**
   * The checksum as stored: rotated and shifted, so that checksums of data that holds checksums
   * stay sound.
   */
  static int mask(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }

  /** An unsigned LEB128 number, as in protocol buffers; a negative result is one beyond 2^63. */
  static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }

  private SequencedMap<String, byte[]> records() {
    int footerAt = bytes.limit() - FOOTER_BYTES;
    if (bytes.getLong(bytes.limit() - 8) != MAGIC) {
      throw bad(file, "does not end like a checkpoint index");
    }
    ByteBuffer footer = slice(footerAt, FOOTER_BYTES - 8);
    varint(footer); // The meta index: offset and size. TensorFlow leaves it empty.
    varint(footer);
    SequencedMap<String, byte[]> records = new LinkedHashMap<>();
    SequencedMap<String, byte[]> index = block(varint(footer), varint(footer));
    blocksEnd = 0;
    for (byte[] handle : index.sequencedValues()) {
      ByteBuffer in = ByteBuffer.wrap(handle);
      block(varint(in), varint(in))
          .forEach(
              (key, value) -> {
                if (records.put(key, value) != null) {
                  throw bad(file, "has the record '" + key + "' twice");
                }
              });
    }
    return records;
  }

  private SequencedMap<String, byte[]> block(long offset, long size) {
    int end = bytes.limit() - FOOTER_BYTES - TRAILER_BYTES;
    if (offset < 0 || size < 4 || size > end || offset > end - size) {
      throw bad(
          file,
          "has a block at "
              + offset
              + " of "
              + count(size, "byte")
              + " (expected: within "
              + end
              + ")");
    }
    if (offset < blocksEnd) {
      throw bad(
          file,
          "has a block at " + offset + " (expected: at " + blocksEnd + " or later, in order)");
    }
    blocksEnd = offset + size + TRAILER_BYTES;
    ByteBuffer block = slice((int) offset, (int) size);
    int compression = bytes.get((int) (offset + size));
    CRC32C crc = new CRC32C();
    crc.update(slice((int) offset, (int) size + 1));
    int stored = bytes.getInt((int) (offset + size + 1));
    if (mask((int) crc.getValue()) != stored) {
      throw bad(file, "has a block at " + offset + " with a wrong checksum");
    }
    if (compression != 0) {
      throw new WeightFileException(
          file,
          "has a compressed block (type " + compression + ")",
          "save the checkpoint with TensorFlow's default settings, which do not compress the index");
    }
    long restarts = Integer.toUnsignedLong(block.getInt((int) size - 4));
    if (restarts > (size - 4) / 4) {
      throw bad(file, "has a block at " + offset + " with " + restarts + " restart points");
    }
    return entries(block.limit((int) (size - 4 - 4 * restarts)));
  }

  private SequencedMap<String, byte[]> entries(ByteBuffer block) {
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    byte[] key = {};
    while (block.hasRemaining()) {
      long shared = varint(block);
      long own = varint(block);
      long valueBytes = varint(block);
      int left = block.remaining();
      if (shared < 0
          || shared > key.length
          || own < 0
          || own > left
          || valueBytes < 0
          || valueBytes > left - own) {
        throw bad(
            file,
            "has a record of "
                + shared
                + " + "
                + own
                + " + "
                + count(valueBytes, "byte")
                + ", "
                + left
                + " are left");
      }
      keyBytes += shared + own;
      if (keyBytes > MAX_KEY_BYTES) {
        throw bad(file, "has keys of more than " + MAX_KEY_BYTES + " bytes");
      }
      byte[] next = new byte[(int) (shared + own)];
      System.arraycopy(key, 0, next, 0, (int) shared);
      block.get(next, (int) shared, (int) own);
      key = next;
      byte[] value = new byte[(int) valueBytes];
      block.get(value);
      if (entries.put(new String(key, StandardCharsets.UTF_8), value) != null) {
        throw bad(file, "has the record '" + new String(key, StandardCharsets.UTF_8) + "' twice");
      }
    }
    return entries;
  }

  private ByteBuffer slice(int offset, int size) {
    return bytes.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static WeightFileException bad(Path file, String problem) {
    return new WeightFileException(file, problem, TfCheckpoint.DAMAGED);
  }
}
