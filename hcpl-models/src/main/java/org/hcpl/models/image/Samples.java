package org.hcpl.models.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferFloat;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes the stored numbers out of a decoded picture, without any colour conversion. */
final class Samples {
  /** Tables by label are made of this length at most, whatever a file claims. */
  private static final int MAX_LABEL = 1 << 24;

  private Samples() {}

  /** The bands of a picture scaled to 0..1; equal red, green and blue become one plane. */
  record Bands(List<Plane> planes, boolean coloured) {}

  /**
   * Planes of a picture.
   *
   * @param keepExtra whether a sample beyond the colours is a channel; otherwise it is opacity and
   *     left out
   */
  static Bands planes(String file, BufferedImage picture, boolean keepExtra) {
    if (picture.getColorModel() instanceof IndexColorModel palette) {
      return ofPalette(picture, palette);
    }
    Raster raster = picture.getRaster();
    int colours = Math.min(picture.getColorModel().getNumColorComponents(), raster.getNumBands());
    if (colours != 1 && colours != 3) {
      throw new ImageException(
          file
              + ": "
              + colours
              + " colour components (expected: grey or RGB)\nhelp: export it as grey");
    }
    int bands = keepExtra ? raster.getNumBands() : colours;
    List<Plane> planes = new ArrayList<>();
    for (int band = 0; band < bands; band++) {
      planes.add(plane(file, raster, band));
    }
    return collapse(planes, colours == 3 && bands == 3);
  }

  /** Planes of floating-point samples, each of them a channel or, if equal, a grey picture. */
  static Bands floats(String file, Raster raster) {
    List<Plane> planes = new ArrayList<>();
    for (int band = 0; band < raster.getNumBands(); band++) {
      planes.add(plane(file, raster, band));
    }
    return collapse(planes, planes.size() == 3);
  }

  private static Bands collapse(List<Plane> planes, boolean coloured) {
    if (!coloured) {
      return new Bands(planes, false);
    }
    boolean same =
        Arrays.equals(planes.get(0).values(), planes.get(1).values())
            && Arrays.equals(planes.get(0).values(), planes.get(2).values());
    return same ? new Bands(planes.subList(0, 1), false) : new Bands(planes, true);
  }

  private static Bands ofPalette(BufferedImage picture, IndexColorModel palette) {
    int height = picture.getHeight();
    int width = picture.getWidth();
    List<Plane> planes =
        List.of(Plane.of(height, width), Plane.of(height, width), Plane.of(height, width));
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      picture.getRaster().getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        planes.get(0).values()[i] = palette.getRed(row[x]) / 255f;
        planes.get(1).values()[i] = palette.getGreen(row[x]) / 255f;
        planes.get(2).values()[i] = palette.getBlue(row[x]) / 255f;
      }
    }
    return collapse(planes, true);
  }

  private static Plane plane(String file, Raster raster, int band) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    float[] values = new float[Math.multiplyExact(height, width)];
    DataBuffer data = raster.getDataBuffer();
    if (data instanceof DataBufferFloat) {
      raster.getSamples(raster.getMinX(), raster.getMinY(), width, height, band, values);
      for (float value : values) {
        if (!(value >= 0 && value <= 1)) {
          throw new ImageException(
              file
                  + ": floating-point value "
                  + value
                  + " (expected: 0..1)\nhelp: scale it to 0..1, or export it with 8 or 16 bits");
        }
      }
      return new Plane(height, width, values);
    }
    int bits = raster.getSampleModel().getSampleSize(band);
    if (bits > 16 || data.getDataType() == DataBuffer.TYPE_SHORT) {
      throw new ImageException(
          file
              + ": "
              + bits
              + (data.getDataType() == DataBuffer.TYPE_SHORT ? " bits with sign" : " bits")
              + " a sample (expected: at most 16 bits without sign)\nhelp: export it with 8 or 16"
              + " bits");
    }
    float range = (1 << bits) - 1;
    if (raster.getSampleModel() instanceof ComponentSampleModel model
        && raster.getSampleModelTranslateX() == 0
        && raster.getSampleModelTranslateY() == 0
        && (data instanceof DataBufferByte || data instanceof DataBufferUShort)) {
      int bank = model.getBankIndices()[band];
      int start = model.getBandOffsets()[band] + data.getOffsets()[bank];
      byte[] bytes = data instanceof DataBufferByte b ? b.getData(bank) : null;
      short[] shorts = data instanceof DataBufferUShort s ? s.getData(bank) : null;
      int step = model.getPixelStride();
      for (int y = 0; y < height; y++) {
        int from = start + y * model.getScanlineStride();
        for (int x = 0; x < width; x++) {
          int stored =
              bytes != null ? bytes[from + x * step] & 0xff : shorts[from + x * step] & 0xffff;
          values[y * width + x] = stored / range;
        }
      }
    } else {
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          values[y * width + x] = row[x] / range;
        }
      }
    }
    return new Plane(height, width, values);
  }

  /** Object numbers: the stored integers themselves, of a palette its indices. */
  static LabelImage labels(String file, BufferedImage picture) {
    boolean palette = picture.getColorModel() instanceof IndexColorModel;
    int colours = palette ? 1 : picture.getColorModel().getNumColorComponents();
    return labels(file, picture.getRaster(), colours);
  }

  /**
   * Object numbers: the stored integers themselves.
   *
   * @param colours how many of the bands are colours, which must be equal
   */
  static LabelImage labels(String file, Raster raster, int colours) {
    int type = raster.getDataBuffer().getDataType();
    if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
      throw new ImageException(
          file + ": floating-point samples (expected: whole numbers, one an object)");
    }
    int height = raster.getHeight();
    int width = raster.getWidth();
    int[] labels =
        raster.getSamples(raster.getMinX(), raster.getMinY(), width, height, 0, (int[]) null);
    for (int band = 1; band < Math.min(colours, raster.getNumBands()); band++) {
      int[] other =
          raster.getSamples(raster.getMinX(), raster.getMinY(), width, height, band, (int[]) null);
      if (!Arrays.equals(labels, other)) {
        throw new ImageException(
            file
                + ": a coloured picture (expected: a label image, grey)\nhelp: write the object"
                + " numbers as 16-bit grey");
      }
    }
    for (int label : labels) {
      if (label < 0) {
        throw new ImageException(file + ": label " + label + " (expected: 0 or more)");
      }
      if (label > MAX_LABEL) {
        throw new ImageException(
            file
                + ": label "
                + label
                + " (expected: at most "
                + MAX_LABEL
                + ")\nhelp: number the objects anew, from 1");
      }
    }
    return new LabelImage(height, width, labels);
  }
}
