package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** The pages of a TIFF file (TIFF 6.0, BigTIFF), their sizes checked before any is decoded. */
final class TiffPages {
  /** LZW with 12-bit codes reaches some 2730 to 1, the most of the compressions in use. */
  private static final int MAX_RATIO = 2800;

  /** TIFF 6.0: NewSubfileType, bit 0: a smaller version of another page. */
  private static final int REDUCED = 1;

  private static final int NEW_SUBFILE_TYPE = 254;

  /** TIFF 6.0: SampleFormat. */
  private static final int SIGNED = 2;

  private static final int FLOATING_POINT = 3;

  /** TIFF 6.0: PhotometricInterpretation, black is zero; below it white is. */
  private static final int BLACK_IS_ZERO = 1;

  private static final int RGB = 2;

  private static final int MAX_PAGES = 4096;

  private TiffPages() {}

  static boolean isTiff(byte[] start) {
    if (start.length < 4) {
      return false;
    }
    boolean little =
        start[0] == 'I' && start[1] == 'I' && (start[2] == 42 || start[2] == 43) && start[3] == 0;
    boolean big =
        start[0] == 'M' && start[1] == 'M' && start[2] == 0 && (start[3] == 42 || start[3] == 43);
    return little || big;
  }

  /** What the directories say. */
  private record Layout(
      List<Integer> pages,
      int samples,
      int photometric,
      boolean extraIsChannel,
      boolean floats,
      OmeMetadata metadata) {}

  static StoredImage read(String file, ImageInputStream in, long fileBytes) throws IOException {
    Layout layout = layout(file, in, fileBytes);
    List<Plane> planes = new ArrayList<>();
    boolean coloured = false;
    ImageReader reader = reader(in);
    try {
      for (int page : layout.pages) {
        Samples.Bands bands =
            layout.floats
                // Reading as a picture would cut floating-point values to 0..1 without a word.
                ? Samples.floats(file, reader.readRaster(page, null))
                : Samples.planes(
                    file, complete(file, layout, reader.read(page)), layout.extraIsChannel);
        planes.addAll(bands.planes());
        coloured |= bands.coloured();
      }
    } finally {
      reader.dispose();
    }
    OmeMetadata metadata = layout.metadata;
    if (metadata.channels() > planes.size()) {
      throw new ImageException(
          file
              + ": its OME-XML speaks of "
              + count(metadata.channels(), "channel")
              + ", the file holds "
              + planes.size()
              + "\nhelp: export all channels into one file");
    }
    boolean picture = coloured && layout.pages.size() == 1;
    List<String> names = metadata.names().size() == planes.size() ? metadata.names() : List.of();
    return new StoredImage(file, planes, picture, names, metadata.pixelSizeMicrometres());
  }

  static LabelImage readLabels(String file, ImageInputStream in, long fileBytes)
      throws IOException {
    Layout layout = layout(file, in, fileBytes);
    if (layout.pages.size() != 1) {
      throw new ImageException(
          file + ": " + count(layout.pages.size(), "page") + " (expected: one label image)");
    }
    ImageReader reader = reader(in);
    try {
      // Reading as a picture would turn the numbers over where the file says that white is zero.
      Raster raster = complete(file, layout, reader.readRaster(layout.pages.get(0), null));
      return Samples.labels(file, raster, layout.photometric == RGB ? 3 : 1);
    } finally {
      reader.dispose();
    }
  }

  private static BufferedImage complete(String file, Layout layout, BufferedImage picture) {
    complete(file, layout, picture.getRaster());
    return picture;
  }

  /** Refuses grey pixels of which the reader leaves samples out, and mixes up the others. */
  private static Raster complete(String file, Layout layout, Raster raster) {
    if (layout.photometric <= BLACK_IS_ZERO && raster.getNumBands() < layout.samples) {
      throw new ImageException(
          file
              + ": "
              + count(layout.samples, "sample")
              + " a pixel, and no word on what they are (expected: one, or the TIFF tag"
              + " ExtraSamples)\nhelp: export each channel as a page or file of its own");
    }
    return raster;
  }

  private static ImageReader reader(ImageInputStream in) throws IOException {
    in.seek(0);
    // Made directly: inside an application its class loader may hide the service from ImageIO.
    ImageReader reader = new TIFFImageReaderSpi().createReaderInstance(null);
    reader.setInput(in);
    return reader;
  }

  private static Layout layout(String file, ImageInputStream in, long fileBytes)
      throws IOException {
    in.seek(0);
    CompoundDirectory all = (CompoundDirectory) new TIFFReader().read(in);
    int count = all.directoryCount();
    if (count == 0 || count > MAX_PAGES) {
      throw new ImageException(
          file
              + ": "
              + count(count, "page")
              + " (expected: 1.."
              + MAX_PAGES
              + ")\nhelp: the file is cut off or damaged; copy it again");
    }
    Directory first = all.getDirectory(0);
    Entry description = first.getEntryById(TIFF.TAG_IMAGE_DESCRIPTION);
    OmeMetadata metadata =
        description == null
            ? OmeMetadata.NONE
            : OmeMetadata.of(
                file, description.getValueAsString(), decimal(first, TIFF.TAG_X_RESOLUTION));
    List<Integer> pages = new ArrayList<>();
    if (!metadata.pages().isEmpty() && samples(first) == 1) {
      for (int page : metadata.pages()) {
        if (page < 0 || page >= count) {
          throw new ImageException(
              file
                  + ": its OME-XML points to page "
                  + page
                  + " of "
                  + count
                  + "\nhelp: export all channels into one file");
        }
        pages.add(page);
      }
    } else {
      for (int page = 0; page < count; page++) {
        if ((whole(all.getDirectory(page), NEW_SUBFILE_TYPE, 0) & REDUCED) == 0) {
          pages.add(page);
        }
      }
    }
    for (int page : pages) {
      check(file, all.getDirectory(page), fileBytes, pages.size());
    }
    // Extra samples of a page are channels unless the file says that they are opacity.
    boolean extraIsChannel = samples(first) > 1 && whole(first, TIFF.TAG_EXTRA_SAMPLES, 0) == 0;
    boolean floats = whole(first, TIFF.TAG_SAMPLE_FORMAT, 1) == FLOATING_POINT;
    return new Layout(
        List.copyOf(pages),
        (int) samples(first),
        (int) whole(first, TIFF.TAG_PHOTOMETRIC_INTERPRETATION, BLACK_IS_ZERO),
        extraIsChannel,
        floats,
        metadata);
  }

  private static void check(String file, Directory page, long fileBytes, int pages) {
    long width = whole(page, TIFF.TAG_IMAGE_WIDTH, 0);
    long height = whole(page, TIFF.TAG_IMAGE_HEIGHT, 0);
    long samples = samples(page);
    long bits = whole(page, TIFF.TAG_BITS_PER_SAMPLE, 1);
    if (samples > 64 || bits <= 0 || bits > 64) {
      throw new ImageException(
          file
              + ": "
              + count(samples, "sample")
              + " of "
              + count(bits, "bit")
              + " (expected: up to 64 of 64 bits)");
    }
    // The reader keeps the sign of larger samples, which is looked at later.
    if (bits <= 8 && whole(page, TIFF.TAG_SAMPLE_FORMAT, 1) == SIGNED) {
      throw new ImageException(
          file
              + ": "
              + count(bits, "bit")
              + " with sign a sample (expected: 8 or 16 bits without sign)\nhelp: export it so");
    }
    int bytes = (int) ((bits + 7) / 8);
    ImageLimits.check(file, width, height, samples, bytes, fileBytes, MAX_RATIO);
    ImageLimits.check(file, width, height, samples * pages, bytes, -1, MAX_RATIO);
    long tileWidth = whole(page, TIFF.TAG_TILE_WIDTH, 1);
    long tileHeight = whole(page, TIFF.TAG_TILE_HEIGTH, 1);
    // Tiles stick out over the edge; one beyond twice the image and a usual tile is no tile.
    if (tileWidth <= 0
        || tileHeight <= 0
        || tileWidth > 2 * width + 4096
        || tileHeight > 2 * height + 4096) {
      throw new ImageException(
          file
              + ": tiles of "
              + tileWidth
              + " x "
              + tileHeight
              + " in an image of "
              + width
              + " x "
              + height
              + "\nhelp: the file is damaged; copy it again");
    }
  }

  private static long samples(Directory page) {
    return whole(page, TIFF.TAG_SAMPLES_PER_PIXEL, 1);
  }

  /** The first number of an entry. */
  private static long whole(Directory page, int tag, long otherwise) {
    Entry entry = page.getEntryById(tag);
    Object value = entry == null ? null : entry.getValue();
    if (value != null && value.getClass().isArray()) {
      value =
          java.lang.reflect.Array.getLength(value) == 0
              ? null
              : java.lang.reflect.Array.get(value, 0);
    }
    return value instanceof Number number ? number.longValue() : otherwise;
  }

  private static double decimal(Directory page, int tag) {
    Entry entry = page.getEntryById(tag);
    return entry != null && entry.getValue() instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }
}
