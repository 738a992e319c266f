package org.hcpl.train.metric;

import static org.hcpl.tensor.io.Words.count;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The contest's text form of a mask: run lengths down the columns, written as COCO's compressed
 * counts, deflated (zlib, level 9), in base64.
 *
 * <p>COCO's counts: from the fourth on each count is written as its difference to the one two
 * places before; a number is written in groups of five bits, lowest first, as two's complement of
 * as many groups as it needs, bit 5 saying that another group follows, plus 48 to be printable
 * (COCO API, maskApi, {@code rleToString}).
 *
 * <p>Decoding holds the run lengths only and stops at the first run that leaves the image, so that
 * a small text that inflates to gigabytes is refused after {@code 4 * maxRuns} bytes.
 */
public final class MaskCodec {
  /** The most runs that {@link #decode(String, int, int)} takes for one mask. */
  public static final int MAX_RUNS = 1 << 24;

  /** A count of less than 2^31 and its sign need seven groups of five bits. */
  private static final int MAX_GROUPS = 7;

  private MaskCodec() {}

  /** The text of a mask. */
  public static String encode(Mask mask) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(counts(mask));
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return Base64.getEncoder().encodeToString(packed.toByteArray());
    } finally {
      deflater.end();
    }
  }

  /** COCO's compressed counts of a mask, printable ASCII. */
  static byte[] counts(Mask mask) {
    int[] runs = mask.runs();
    byte[] text = new byte[Math.multiplyExact(runs.length, MAX_GROUPS)];
    int size = 0;
    for (int i = 0; i < runs.length; i++) {
      int value = i > 2 ? runs[i] - runs[i - 2] : runs[i];
      boolean more = true;
      while (more) {
        int group = value & 31;
        value >>= 5;
        more = (group & 16) != 0 ? value != -1 : value != 0;
        text[size++] = (byte) ((more ? group | 32 : group) + 48);
      }
    }
    return Arrays.copyOf(text, size);
  }

  /**
   * The mask that a text stands for.
   *
   * @param height of the image, which the text does not hold
   * @throws MetricException if the text is not base64, not a whole zlib stream, not COCO counts, or
   *     its runs do not fill the image exactly
   */
  public static Mask decode(String text, int height, int width) {
    return decode(text, height, width, MAX_RUNS);
  }

  static Mask decode(String text, int height, int width, int maxRuns) {
    int pixels = Mask.checkedSize(height, width);
    byte[] packed;
    try {
      packed = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MetricException(
          "mask: not base64: " + e.getMessage() + " in '" + start(text) + "' (expected: " + FORM,
          e);
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      Counts counts = new Counts(pixels, maxRuns);
      byte[] buffer = new byte[8192];
      while (!inflater.finished()) {
        int size = inflater.inflate(buffer);
        if (size == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new MetricException(
              "mask: the zlib stream ends early, after "
                  + count(packed.length, "byte")
                  + ", in '"
                  + start(text)
                  + "' (expected: "
                  + FORM
                  + "\nhelp: the line was cut off when it was written or copied");
        }
        counts.take(buffer, size);
      }
      if (inflater.getRemaining() > 0) {
        throw new MetricException(
            "mask: "
                + count(inflater.getRemaining(), "byte")
                + " follow the zlib stream in '"
                + start(text)
                + "' (expected: "
                + FORM);
      }
      return Mask.ofRuns(height, width, counts.runs());
    } catch (DataFormatException e) {
      throw new MetricException(
          "mask: not a zlib stream: "
              + e.getMessage()
              + " in '"
              + start(text)
              + "' (expected: "
              + FORM,
          e);
    } finally {
      inflater.end();
    }
  }

  private static final String FORM = "base64 of zlib of COCO run-length counts)";

  private static String start(String text) {
    return text.length() <= 24 ? text : text.substring(0, 24) + "...";
  }

  /** Parses counts as they are inflated. */
  private static final class Counts {
    private final int pixels;
    private final int maxRuns;
    private int[] runs = new int[256];
    private int size;
    private long covered;
    private long value;
    private int groups;

    Counts(int pixels, int maxRuns) {
      this.pixels = pixels;
      // One pixel a run and an empty first run: more can only be empty runs.
      this.maxRuns = Math.min(maxRuns, pixels + 1);
    }

    void take(byte[] text, int length) {
      for (int i = 0; i < length; i++) {
        int group = text[i] - 48;
        if (group < 0 || group > 63) {
          throw new MetricException(
              "mask: byte "
                  + (text[i] & 255)
                  + " in the run-length counts (expected: 48..111, COCO's compressed counts)");
        }
        value |= (long) (group & 31) << (5 * groups);
        groups++;
        if ((group & 32) == 0) {
          if ((group & 16) != 0) {
            value |= -1L << (5 * groups);
          }
          end();
        } else if (groups == MAX_GROUPS) {
          throw new MetricException(
              "mask: run "
                  + size
                  + " takes more than "
                  + MAX_GROUPS
                  + " characters (expected: a count of at most "
                  + pixels
                  + " pixels)");
        }
      }
    }

    private void end() {
      long run = size > 2 ? value + runs[size - 2] : value;
      covered += run;
      if (run < 0 || covered > pixels) {
        throw new MetricException(
            "mask: run "
                + size
                + " has "
                + run
                + " pixels and ends at pixel "
                + covered
                + " (expected: at most height * width = "
                + pixels
                + ")\nhelp: is it the mask of an image of another size?");
      }
      if (size == maxRuns) {
        throw new MetricException(
            "mask: more than "
                + maxRuns
                + " runs (expected: at most "
                + maxRuns
                + " in an image of "
                + pixels
                + " pixels)");
      }
      if (size == runs.length) {
        runs = Arrays.copyOf(runs, (int) Math.min(2L * size, maxRuns));
      }
      runs[size++] = (int) run;
      value = 0;
      groups = 0;
    }

    int[] runs() {
      if (groups > 0) {
        throw new MetricException(
            "mask: the run-length counts end within run " + size + " (expected: whole counts)");
      }
      return Arrays.copyOf(runs, size);
    }
  }
}
