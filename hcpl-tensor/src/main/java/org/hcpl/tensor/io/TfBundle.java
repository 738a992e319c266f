package org.hcpl.tensor.io;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the two protocol-buffer messages of a checkpoint's index: BundleHeaderProto and
 * BundleEntryProto.
 */
final class TfBundle {
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_FIXED32 = 5;

  private TfBundle() {}

  /** One field of a message: its number, and its value as a number or as bytes. */
  private record Field(int number, long value, ByteBuffer bytes) {}

  private static List<Field> fields(ByteBuffer in) {
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = TfTable.varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case WIRE_VARINT -> fields.add(new Field(number, TfTable.varint(in), null));
        case WIRE_FIXED64 -> fields.add(new Field(number, in.getLong(), null));
        case WIRE_FIXED32 -> fields.add(new Field(number, in.getInt(), null));
        case WIRE_BYTES -> {
          long length = TfTable.varint(in);
          if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
          }
          fields.add(new Field(number, 0, little(in.slice(in.position(), (int) length))));
          in.position(in.position() + (int) length);
        }
        default -> throw new BufferUnderflowException();
      }
    }
    return fields;
  }

  private static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static WeightFileException bad(Path index, String key, BufferUnderflowException e) {
    return new WeightFileException(
        index, "has a record '" + key + "' that cannot be parsed", TfCheckpoint.DAMAGED, e);
  }

  /** The number of data files that the header states. */
  static int shards(Path index, byte[] header) {
    int shards = 0;
    long endianness = 0;
    try {
      for (Field field : fields(little(ByteBuffer.wrap(header)))) {
        switch (field.number()) {
          case 1 -> shards = (int) field.value();
          case 2 -> endianness = field.value();
          default -> {
            // The version, which has not changed the layout.
          }
        }
      }
    } catch (BufferUnderflowException e) {
      throw bad(index, "", e);
    }
    if (endianness != 0) {
      throw new WeightFileException(
          index, "was written on a big-endian machine", "save it again on a little-endian machine");
    }
    if (shards < 1) {
      throw new WeightFileException(
          index, "states " + shards + " data files", TfCheckpoint.DAMAGED);
    }
    return shards;
  }

  /** The place of a variable. */
  static TfCheckpoint.Entry entry(Path index, String name, byte[] value) {
    int dtype = 0;
    int[] shape = {};
    int shard = 0;
    long offset = 0;
    long bytes = 0;
    int crc = 0;
    boolean sliced = false;
    try {
      for (Field field : fields(little(ByteBuffer.wrap(value)))) {
        switch (field.number()) {
          case 1 -> dtype = (int) field.value();
          case 2 -> shape = shape(index, name, message(field));
          case 3 -> shard = (int) field.value();
          case 4 -> offset = field.value();
          case 5 -> bytes = field.value();
          case 6 -> crc = (int) field.value();
          case 7 -> sliced = true;
          default -> {
            // A field of a later version.
          }
        }
      }
    } catch (BufferUnderflowException e) {
      throw bad(index, name, e);
    }
    return new TfCheckpoint.Entry(name, dtype, shape, shard, offset, bytes, crc, sliced);
  }

  private static ByteBuffer message(Field field) {
    if (field.bytes() == null) {
      throw new BufferUnderflowException();
    }
    return field.bytes();
  }

  /** TensorShapeProto: field 2 repeats a message whose field 1 is a size. */
  private static int[] shape(Path index, String name, ByteBuffer in) {
    List<Integer> sizes = new ArrayList<>();
    for (Field dimension : fields(in)) {
      if (dimension.number() == 2) {
        long size = 0;
        for (Field field : fields(message(dimension))) {
          size = field.number() == 1 ? field.value() : size;
        }
        if (size < 0 || size > Integer.MAX_VALUE) {
          throw new WeightFileException(
              index,
              "variable '" + name + "' has an axis of " + size + " elements",
              TfCheckpoint.DAMAGED);
        }
        sizes.add((int) size);
      }
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }
}
