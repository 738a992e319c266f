package org.hcpl.models.segment;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.hcpl.models.image.Channel;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Pictures of images and what was found in them: microtubules red, protein green, nucleus blue, ER
 * yellow, as the Human Protein Atlas shows them; cells outlined in white, nuclei in light blue,
 * with a dark line inside so that they stand out from bright ground, too. An image of nuclei alone
 * is shown grey with an outline of its own colour for each. Where the size of a pixel is known, a
 * bar shows a round length.
 */
public final class Overlay {
  /**
   * How to draw.
   *
   * @param maxSide longer pictures are shrunk to this many pixels
   * @param numbers whether each object's number is written in its nucleus, or where that is not
   *     known in its middle
   */
  public record Options(int maxSide, boolean numbers) {
    public static final Options DEFAULT = new Options(2048, false);

    public Options {
      if (maxSide < 1) {
        throw new ImageException("overlay: maxSide " + maxSide + " (expected: at least 1)");
      }
    }

    public Options withMaxSide(int pixels) {
      return new Options(pixels, numbers);
    }

    public Options withNumbers(boolean write) {
      return new Options(maxSide, write);
    }
  }

  private static final int CELL = 0xffffff;
  private static final int BORDER_CELL = 0xb0b0b0;
  private static final int NUCLEUS = 0x7fd4ff;
  private static final int NUMBER = 0xffff60;

  /** How much of the ER's yellow is mixed in: it fills the cell and would drown the protein. */
  private static final float YELLOW = 0.45f;

  private Overlay() {}

  /** The image with outlines, {@link Options#DEFAULT}. */
  public static BufferedImage render(HpaImage image, Segmentation found) {
    return render(image, found, Options.DEFAULT);
  }

  /**
   * The image with outlines.
   *
   * @throws ImageException if image and segmentation differ in size
   */
  public static BufferedImage render(HpaImage image, Segmentation found, Options options) {
    if (found.nuclei().height() != image.height() || found.nuclei().width() != image.width()) {
      throw new ImageException(
          "overlay: image "
              + image.dimensions()
              + ", segmentation "
              + found.nuclei().dimensions()
              + " (expected: one size)");
    }
    BufferedImage picture = composite(image, options.maxSide());
    int h = picture.getHeight();
    int w = picture.getWidth();
    int[] rgb = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    int thickness = Math.max(1, Math.round(Math.max(h, w) / 900f));
    LabelImage nuclei = Rescale.labels(found.nuclei(), h, w);
    if (found.nucleiOnly()) {
      outline(rgb, nuclei, Math.max(1, thickness / 2), Overlay::hue, false);
    } else {
      outline(rgb, nuclei, thickness, label -> NUCLEUS, true);
      boolean[] border = new boolean[found.cells().max() + 1];
      found.facts().forEach(facts -> border[facts.label()] = facts.touchesBorder());
      outline(
          rgb,
          Rescale.labels(found.cells(), h, w),
          thickness,
          label -> border[label] ? BORDER_CELL : CELL,
          true);
    }
    int dot = Math.max(2, Math.round(Math.max(h, w) / 400f));
    if (image.pixelSizeMicrometres() > 0) {
      ScaleBar.draw(rgb, h, w, image.pixelSizeMicrometres() * image.width() / w, dot);
    }
    if (options.numbers()) {
      double scale = (double) w / image.width();
      int[] middles = middles(found);
      for (Segmentation.Facts facts : found.facts()) {
        int middle = middles[facts.label()];
        int x = (int) (scale * (middle % image.width()));
        int y = (int) (scale * (middle / image.width()));
        write(rgb, h, w, facts.label(), x, y, dot);
      }
    }
    return picture;
  }

  /** The four channels in colour, each stretched over its own range; shrunk to {@code maxSide}. */
  public static BufferedImage composite(HpaImage image, int maxSide) {
    double scale = Math.min(1, (double) maxSide / Math.max(image.height(), image.width()));
    int h = Math.max(1, (int) Math.round(image.height() * scale));
    int w = Math.max(1, (int) Math.round(image.width() * scale));
    float[] red = stretched(Rescale.plane(image.plane(Channel.RED), h, w));
    float[] green = stretched(Rescale.plane(image.plane(Channel.GREEN), h, w));
    float[] blue = stretched(Rescale.plane(image.plane(Channel.BLUE), h, w));
    float[] yellow = stretched(Rescale.plane(image.plane(Channel.YELLOW), h, w));
    boolean alone = red == null && green == null && yellow == null;
    BufferedImage picture = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    int[] rgb = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i++) {
      float b = blue == null ? 0 : blue[i];
      float y = yellow == null ? 0 : YELLOW * yellow[i];
      // Pure blue is dark to the eye; a little green lifts it.
      float r = alone ? b : (red == null ? 0 : red[i]) + y;
      float g = alone ? b : (green == null ? 0 : green[i]) + y + 0.15f * b;
      rgb[i] = eight(r) << 16 | eight(g) << 8 | eight(b);
    }
    return picture;
  }

  private static int eight(float value) {
    return Math.round(255 * Math.clamp(value, 0f, 1f));
  }

  /** From the background to nearly the brightest; null for a channel without any signal. */
  private static float[] stretched(Plane plane) {
    float[] sorted = Regions.sortedSample(plane.values());
    float low = sorted[sorted.length / 50];
    float high = sorted[(int) (sorted.length * 0.997)];
    if (!(high > low)) {
      high = sorted[sorted.length - 1];
      if (!(high > low)) {
        return null;
      }
    }
    float[] out = new float[plane.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.pow(Math.clamp((plane.values()[i] - low) / (high - low), 0f, 1f), 0.8);
    }
    return out;
  }

  /** Outlines objects, with a dark line inside where {@code shade} says so. */
  private static void outline(
      int[] rgb, LabelImage labels, int thickness, IntUnaryOperator colour, boolean shade) {
    int h = labels.height();
    int w = labels.width();
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int label = labels.at(y, x);
        if (label == 0) {
          continue;
        }
        if (differs(labels, y, x, thickness)) {
          rgb[y * w + x] = colour.applyAsInt(label);
        } else if (shade && differs(labels, y, x, 2 * thickness)) {
          // All three bytes to a quarter.
          rgb[y * w + x] = rgb[y * w + x] >> 2 & 0x3f3f3f;
        }
      }
    }
  }

  /** Whether a pixel has one of another label that far above, below, left or right of it. */
  private static boolean differs(LabelImage labels, int y, int x, int distance) {
    int label = labels.at(y, x);
    return x >= distance && labels.at(y, x - distance) != label
        || x + distance < labels.width() && labels.at(y, x + distance) != label
        || y >= distance && labels.at(y - distance, x) != label
        || y + distance < labels.height() && labels.at(y + distance, x) != label;
  }

  /**
   * A pixel of each object for its number: of its nucleus, or where that is not known of itself,
   * the one nearest to the mean place. Index 0 means nothing.
   */
  private static int[] middles(Segmentation found) {
    int w = found.nuclei().width();
    int n = Math.max(found.cells().max(), found.nuclei().max()) + 1;
    boolean[] hasNucleus = new boolean[n];
    for (int label : found.nuclei().labels()) {
      hasNucleus[label] = true;
    }
    int[] places = found.nuclei().labels().clone();
    for (int i = 0; i < places.length; i++) {
      int cell = found.cells().labels()[i];
      places[i] = cell != 0 && !hasNucleus[cell] ? cell : places[i];
    }
    double[] count = new double[n];
    double[] sumX = new double[n];
    double[] sumY = new double[n];
    for (int i = 0; i < places.length; i++) {
      count[places[i]]++;
      sumX[places[i]] += i % w;
      sumY[places[i]] += i / w;
    }
    double[] nearest = new double[n];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    int[] middles = new int[n];
    for (int i = 0; i < places.length; i++) {
      int o = places[i];
      double dx = i % w - sumX[o] / count[o];
      double dy = i / w - sumY[o] / count[o];
      if (o != 0 && dx * dx + dy * dy < nearest[o]) {
        nearest[o] = dx * dx + dy * dy;
        middles[o] = i;
      }
    }
    return middles;
  }

  /** Neighbouring numbers get far apart hues: steps of the golden ratio around the circle. */
  private static int hue(int label) {
    return Color.HSBtoRGB((float) (label * 0.618034 % 1), 0.75f, 1f) & 0xffffff;
  }

  /** Writes a number around a place, moved so that all of it is in the picture. */
  private static void write(int[] rgb, int h, int w, int number, int x, int y, int dot) {
    Lettering text = Lettering.of(Integer.toString(number), dot);
    int rim = text.rim();
    int left = x - text.width() / 2;
    int top = y - text.height() / 2;
    text.write(
        rgb,
        h,
        w,
        Math.clamp(left, rim, Math.max(rim, w - text.width() - rim)),
        Math.clamp(top, rim, Math.max(rim, h - text.height() - rim)),
        NUMBER);
  }
}
