package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The chunk structure of a PNG file (W3C PNG specification, third edition, sections 5 and 11),
 * checked with its checksums before the file is decoded: the JDK's reader ignores checksums, so
 * that a flipped bit would pass as an image.
 *
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 */
record PngHeader(int width, int height, int bitDepth, int colourType) {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;

  /** Deflate cannot shrink by more than 1032 to 1. */
  static final int MAX_RATIO = 1032;

  static boolean isPng(byte[] start) {
    return start.length >= 8 && ByteBuffer.wrap(start).getLong() == SIGNATURE;
  }

  int samples() {
    return switch (colourType) {
      case 0, 3 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      default -> 4;
    };
  }

  /** Reads IHDR from the first bytes of a file, without looking further. */
  static PngHeader of(String file, byte[] start) {
    if (start.length < 29) {
      throw damaged(file, "ends after " + count(start.length, "byte") + ", inside its header");
    }
    ByteBuffer in = ByteBuffer.wrap(start);
    if (in.getInt(8) != 13 || in.getInt(12) != 0x49484452) {
      throw damaged(file, "does not begin with the chunk IHDR");
    }
    PngHeader header =
        new PngHeader(in.getInt(16), in.getInt(20), start[24] & 0xff, start[25] & 0xff);
    boolean known =
        switch (header.colourType) {
          case 0 -> header.bitDepth <= 16 && Integer.bitCount(header.bitDepth) == 1;
          case 3 -> header.bitDepth <= 8 && Integer.bitCount(header.bitDepth) == 1;
          case 2, 4, 6 -> header.bitDepth == 8 || header.bitDepth == 16;
          default -> false;
        };
    if (!known) {
      throw damaged(
          file,
          "claims colour type " + header.colourType + " with " + count(header.bitDepth, "bit"));
    }
    return header;
  }

  /** Walks over all chunks and compares their checksums. */
  static void checkChunks(String file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int at = 8;
    while (true) {
      if (bytes.length - at < 12) {
        throw damaged(
            file,
            "ends after "
                + count(bytes.length, "byte")
                + ", before its last chunk; it has been cut off");
      }
      int length = in.getInt(at);
      String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (length < 0 || length > bytes.length - at - 12) {
        throw damaged(
            file,
            "has "
                + count(bytes.length - at - 12, "byte")
                + " left where its chunk "
                + printable(type)
                + " needs "
                + Integer.toUnsignedString(length)
                + "; it has been cut off");
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, length + 4);
      if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
        throw damaged(file, "has a wrong checksum in chunk " + printable(type) + " at byte " + at);
      }
      if (type.equals("IEND")) {
        return;
      }
      at += length + 12;
    }
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > 32 && c < 127) ? type : "of an unknown type";
  }

  private static ImageException damaged(String file, String what) {
    return new ImageException(
        file + ": this PNG file " + what + "\nhelp: the file is damaged; copy or export it again");
  }
}
