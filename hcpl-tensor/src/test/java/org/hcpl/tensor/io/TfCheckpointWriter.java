package org.hcpl.tensor.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Writes small TensorFlow checkpoints for tests, with prefix-compressed keys. Variables must be
 * added in name order.
 */
final class TfCheckpointWriter {
  /**
   * The footer and the block of the empty meta index, of which nothing is checked but the magic
   * number and the handle.
   */
  static final int UNCHECKED_BYTES = 48 + 13;

  int recordsPerBlock = 100;
  int compression;
  int firstBlockBytes;
  private final List<String> keys = new ArrayList<>(List.of(""));
  private final List<byte[]> values = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  TfCheckpointWriter() {
    // One data file, little-endian, version 1.
    values.add(message(m -> field(m, 1, 1), m -> bytes(m, 3, message(v -> field(v, 1, 1)))));
  }

  @SafeVarargs
  private static byte[] message(Consumer<ByteArrayOutputStream>... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Consumer<ByteArrayOutputStream> field : fields) {
      field.accept(out);
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void field(ByteArrayOutputStream out, int number, long value) {
    varint(out, number << 3);
    varint(out, value);
  }

  private static void bytes(ByteArrayOutputStream out, int number, byte[] value) {
    varint(out, number << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static byte[] little(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return TfTable.mask((int) crc.getValue());
  }

  /** Adds a variable whose bytes {@code content} puts. */
  void add(String name, int dtype, int[] shape, Consumer<ByteBuffer> content, int size) {
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    content.accept(buffer);
    byte[] dimensions =
        message(
            m -> {
              for (int axis : shape) {
                bytes(m, 2, message(d -> field(d, 1, axis)));
              }
            });
    keys.add(name);
    values.add(
        message(
            m -> field(m, 1, dtype),
            m -> bytes(m, 2, dimensions),
            m -> field(m, 4, data.size()),
            m -> field(m, 5, size),
            m -> {
              varint(m, 6 << 3 | 5);
              m.writeBytes(little(crc(buffer.array(), 0, size)));
            }));
    data.writeBytes(buffer.array());
  }

  /** Writes both files. */
  void write(Path prefix) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    List<String> lastKeys = new ArrayList<>();
    List<byte[]> handles = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += recordsPerBlock) {
      int to = Math.min(from + recordsPerBlock, keys.size());
      handles.add(block(file, keys.subList(from, to), values.subList(from, to), compression));
      lastKeys.add(keys.get(to - 1));
      if (from == 0) {
        firstBlockBytes = file.size() - 5;
      }
    }
    byte[] meta = block(file, List.of(), List.of(), 0);
    byte[] index = block(file, lastKeys, handles, 0);
    ByteBuffer footer = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN).put(meta).put(index);
    footer.putLong(40, 0xdb4775248b80fb57L);
    file.writeBytes(footer.array());
    Files.write(prefix.resolveSibling(prefix.getFileName() + ".index"), file.toByteArray());
    Files.write(
        prefix.resolveSibling(prefix.getFileName() + ".data-00000-of-00001"), data.toByteArray());
  }

  private static byte[] block(
      ByteArrayOutputStream file, List<String> keys, List<byte[]> values, int compression) {
    int offset = file.size();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    byte[] previous = {};
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i).getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      while (shared < Math.min(key.length, previous.length) && key[shared] == previous[shared]) {
        shared++;
      }
      varint(block, shared);
      varint(block, key.length - shared);
      varint(block, values.get(i).length);
      block.write(key, shared, key.length - shared);
      block.writeBytes(values.get(i));
      previous = key;
    }
    block.writeBytes(little(0)); // One restart point, at the start.
    block.writeBytes(little(1));
    int size = block.size();
    block.write(compression);
    byte[] bytes = block.toByteArray();
    file.writeBytes(bytes);
    file.writeBytes(little(crc(bytes, 0, size + 1)));
    return message(m -> varint(m, offset), m -> varint(m, size));
  }

  /** Makes the checksum of a block right again. */
  static void seal(byte[] file, int offset, int size) {
    System.arraycopy(little(crc(file, offset, size + 1)), 0, file, offset + size + 1, 4);
  }
}
