package org.hcpl.models.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes uncompressed TIFF files of several pages, byte by byte, for tests of the reader. */
final class TinyTiff {
  private final String description;
  private final List<byte[]> pages = new ArrayList<>();
  private final List<int[]> shapes = new ArrayList<>();
  private int photometric = 1;
  private boolean extraSamples = true;

  TinyTiff(String description) {
    this.description = description;
  }

  /** Adds a page of interleaved samples, little endian. */
  TinyTiff page(int height, int width, int samples, int bits, int... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      switch (bits) {
        case 8 -> data.put((byte) value);
        case 16 -> data.putShort((short) value);
        default -> data.putInt(value);
      }
    }
    pages.add(data.array());
    shapes.add(new int[] {height, width, samples, bits, bits == 33 ? 3 : 1});
    return this;
  }

  /** Adds a grey page of 32-bit floating point. */
  TinyTiff floats(int height, int width, float... values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    page(height, width, 1, 32, bits);
    shapes.get(shapes.size() - 1)[4] = 3;
    return this;
  }

  /** Makes the samples whole numbers with a sign. */
  TinyTiff signed() {
    shapes.forEach(shape -> shape[4] = 2);
    return this;
  }

  /** Says that white is zero. */
  TinyTiff whiteIsZero() {
    photometric = 0;
    return this;
  }

  /** Leaves out what samples beyond the first are. */
  TinyTiff withoutExtraSamples() {
    extraSamples = false;
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 8;
    List<Integer> directories = new ArrayList<>();
    byte[] text = (description + "\0").getBytes(StandardCharsets.UTF_8);
    out.writeBytes(new byte[8]);
    out.writeBytes(text);
    at += text.length;
    for (int p = 0; p < pages.size(); p++) {
      int[] shape = shapes.get(p);
      byte[] data = pages.get(p);
      final int dataAt = at;
      out.writeBytes(data);
      at += data.length;
      final int bitsAt = at;
      for (int s = 0; s < shape[2]; s++) {
        out.write(shape[3]);
        out.write(0);
      }
      at += 2 * shape[2];
      directories.add(at);
      List<int[]> tags = new ArrayList<>();
      tags.add(new int[] {256, 4, 1, shape[1]});
      tags.add(new int[] {257, 4, 1, shape[0]});
      tags.add(new int[] {258, 3, shape[2], shape[2] > 2 ? bitsAt : shape[3] * 0x10001});
      tags.add(new int[] {259, 3, 1, 1});
      tags.add(new int[] {262, 3, 1, shape[2] == 3 ? 2 : photometric});
      if (p == 0 && !description.isEmpty()) {
        tags.add(new int[] {270, 2, text.length, 8});
      }
      tags.add(new int[] {273, 4, 1, dataAt});
      tags.add(new int[] {277, 3, 1, shape[2]});
      tags.add(new int[] {278, 4, 1, shape[0]});
      tags.add(new int[] {279, 4, 1, data.length});
      if (shape[2] == 4 && extraSamples) {
        tags.add(new int[] {338, 3, 3, at + 2 + 12 * (tags.size() + 2) + 4});
      }
      tags.add(new int[] {339, 3, 1, shape[4]});
      ByteBuffer directory =
          ByteBuffer.allocate(2 + 12 * tags.size() + 4 + 6).order(ByteOrder.LITTLE_ENDIAN);
      directory.putShort((short) tags.size());
      for (int[] tag : tags) {
        directory.putShort((short) tag[0]).putShort((short) tag[1]).putInt(tag[2]).putInt(tag[3]);
      }
      out.writeBytes(directory.array());
      at += directory.capacity();
    }
    ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, (byte) 'I')
        .put(1, (byte) 'I')
        .putShort(2, (short) 42)
        .putInt(4, directories.get(0));
    for (int p = 0; p + 1 < pages.size(); p++) {
      int entries = file.getShort(directories.get(p));
      file.putInt(directories.get(p) + 2 + 12 * entries, directories.get(p + 1));
    }
    return file.array();
  }
}
