package org.hcpl.models.segment;

import java.util.ArrayList;
import java.util.List;

/** Writing in large square dots with a dark rim: fonts are missing on many servers. */
final class Lettering {
  static final int ROWS = 5;

  /** What follows the number of a length. */
  static final String MICROMETRES = " µm";

  /** Signs as five rows of dots, the first row highest. */
  private record Glyph(int columns, int dots) {
    boolean at(int row, int column) {
      return (dots >> (ROWS - row) * columns - column - 1 & 1) != 0;
    }
  }

  private static final Glyph[] DIGITS = {
    new Glyph(3, 0b111_101_101_101_111),
    new Glyph(3, 0b010_110_010_010_111),
    new Glyph(3, 0b111_001_111_100_111),
    new Glyph(3, 0b111_001_111_001_111),
    new Glyph(3, 0b101_101_111_001_001),
    new Glyph(3, 0b111_100_111_001_111),
    new Glyph(3, 0b111_100_111_101_111),
    new Glyph(3, 0b111_001_010_010_010),
    new Glyph(3, 0b111_101_111_101_111),
    new Glyph(3, 0b111_101_111_001_111)
  };
  private static final Glyph SPACE = new Glyph(1, 0);
  private static final Glyph MICRO = new Glyph(3, 0b000_101_101_111_100);
  private static final Glyph M = new Glyph(5, 0b00000_11010_10101_10101_10101);

  private final List<boolean[]> columns;
  private final int size;

  private Lettering(List<boolean[]> columns, int size) {
    this.columns = columns;
    this.size = size;
  }

  /**
   * A number, or a length.
   *
   * @param text of digits and {@link #MICROMETRES}
   * @param size of a dot in pixels
   */
  static Lettering of(String text, int size) {
    List<boolean[]> columns = new ArrayList<>();
    for (char sign : text.toCharArray()) {
      if (!columns.isEmpty()) {
        columns.add(new boolean[ROWS]);
      }
      Glyph glyph = glyph(sign);
      for (int c = 0; c < glyph.columns(); c++) {
        boolean[] column = new boolean[ROWS];
        for (int row = 0; row < ROWS; row++) {
          column[row] = glyph.at(row, c);
        }
        columns.add(column);
      }
    }
    return new Lettering(columns, size);
  }

  private static Glyph glyph(char sign) {
    return switch (sign) {
      case ' ' -> SPACE;
      case 'µ' -> MICRO;
      case 'm' -> M;
      default -> DIGITS[sign - '0'];
    };
  }

  /** In pixels, without the rim. */
  int width() {
    return columns.size() * size;
  }

  /** In pixels, without the rim. */
  int height() {
    return ROWS * size;
  }

  /** How far the rim goes around it, in pixels. */
  int rim() {
    return Math.max(1, size / 2);
  }

  /** Writes it into a picture of that size, its upper left dot at a place. */
  void write(int[] rgb, int h, int w, int left, int top, int colour) {
    int rim = rim();
    for (int y = Math.max(0, top - rim); y < Math.min(h, top + height() + rim); y++) {
      for (int x = Math.max(0, left - rim); x < Math.min(w, left + width() + rim); x++) {
        if (ink(x - left, y - top)) {
          rgb[y * w + x] = colour;
        } else if (nearInk(x - left, y - top)) {
          rgb[y * w + x] = 0;
        }
      }
    }
  }

  private boolean nearInk(int dx, int dy) {
    int rim = rim();
    for (int y = -rim; y <= rim; y += rim) {
      for (int x = -rim; x <= rim; x += rim) {
        if (ink(dx + x, dy + y)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean ink(int dx, int dy) {
    return dx >= 0 && dy >= 0 && dx < width() && dy < height() && columns.get(dx / size)[dy / size];
  }
}
