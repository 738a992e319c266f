package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import com.twelvemonkeys.imageio.stream.BufferedFileImageInputStreamSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.hcpl.tensor.io.FileErrors;

/**
 * Reads and writes image files.
 *
 * <p>Read are PNG (1 to 16 bits; grey, palette, RGB, with or without opacity) and TIFF (8 and 16
 * bits, floating point in 0..1, several pages, OME-TIFF, BigTIFF), either one also inside gzip, as
 * the Human Protein Atlas hands out its originals. What a file is, its first bytes say, not its
 * name. Its claims are checked before memory is taken for them: see {@code -Dhcpl.maxPixels}
 * (default 16384 x 16384).
 *
 * <p>Whatever is wrong with a file becomes one {@link ImageException} that names the file, the
 * fault and the cure. Files are written beside their place and moved into it, so that an
 * interrupted run leaves no half of a file.
 */
public final class ImageFiles {
  private static final int GZIP_MAGIC = 0x8b1f;
  private static final String PART = ".part-";

  private ImageFiles() {}

  /**
   * Reads all that a file holds.
   *
   * @throws ImageException if the file cannot be read as an image
   */
  public static StoredImage read(Path file) {
    return decode(
        file,
        new Decoder<>() {
          @Override
          public StoredImage png(String name, BufferedImage picture) {
            Samples.Bands bands = Samples.planes(name, picture, false);
            return new StoredImage(name, bands.planes(), bands.coloured(), List.of(), Double.NaN);
          }

          @Override
          public StoredImage tiff(String name, ImageInputStream in, long length)
              throws IOException {
            return TiffPages.read(name, in, length);
          }
        });
  }

  /**
   * Reads a file that holds one channel; of a coloured picture see {@link StoredImage#single}.
   *
   * @throws ImageException if the file cannot be read, or holds several channels
   */
  public static Plane readPlane(Path file) {
    return read(file).single();
  }

  /**
   * Reads a label image: the stored whole numbers, not scaled.
   *
   * @throws ImageException if the file cannot be read, or is coloured
   */
  public static LabelImage readLabels(Path file) {
    return decode(
        file,
        new Decoder<>() {
          @Override
          public LabelImage png(String name, BufferedImage picture) {
            return Samples.labels(name, picture);
          }

          @Override
          public LabelImage tiff(String name, ImageInputStream in, long length) throws IOException {
            return TiffPages.readLabels(name, in, length);
          }
        });
  }

  /**
   * Writes object numbers as a 16-bit grey PNG.
   *
   * @throws ImageException if a label is below 0 or above 65535, or the file cannot be written
   */
  public static void writeLabels(LabelImage labels, Path file) {
    BufferedImage picture =
        new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_USHORT_GRAY);
    short[] data = ((DataBufferUShort) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < data.length; i++) {
      int label = labels.labels()[i];
      if (label < 0 || label > 0xffff) {
        throw new ImageException(
            file
                + ": label "
                + label
                + " (expected: 0..65535, what a 16-bit PNG holds)\nhelp: number the objects anew,"
                + " or cut the image into tiles");
      }
      data[i] = (short) label;
    }
    writePng(picture, file);
  }

  /** Writes a plane as an 8-bit grey PNG, values cut to 0..1. */
  public static void writePlane(Plane plane, Path file) {
    BufferedImage picture =
        new BufferedImage(plane.width(), plane.height(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] data = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) Math.round(255 * Math.clamp(plane.values()[i], 0f, 1f));
    }
    writePng(picture, file);
  }

  /**
   * Writes a picture, such as an overlay, as PNG.
   *
   * @throws ImageWriteException if the file cannot be written
   */
  public static void writePng(BufferedImage picture, Path file) {
    // Not Files.createTempFile, whose files only their owner may read.
    Path part = file.resolveSibling(PART + UUID.randomUUID() + ".png");
    try {
      ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
          MemoryCacheImageOutputStream cache = new MemoryCacheImageOutputStream(out)) {
        writer.setOutput(cache);
        writer.write(picture);
      } finally {
        writer.dispose();
      }
      move(part, file);
    } catch (IOException | RuntimeException e) {
      part.toFile().delete();
      throw new ImageWriteException(
          file
              + ": cannot be written: "
              + FileErrors.reason(e)
              + "\nhelp: check that the folder exists, may be written to and has space left",
          e);
    }
  }

  /**
   * Deletes the halves of pictures that a killed run left in a folder.
   *
   * @param before only those that were last written to before; later ones may be another run's
   */
  public static void deleteParts(Path folder, FileTime before) {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, PART + "*.png")) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).compareTo(before) < 0) {
          Files.deleteIfExists(part);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They are in nobody's way.
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private interface Decoder<T> {
    T png(String name, BufferedImage picture);

    T tiff(String name, ImageInputStream in, long length) throws IOException;
  }

  private static <T> T decode(Path file, Decoder<T> decoder) {
    String name = file.toString();
    try {
      if (!Files.isRegularFile(file)) {
        throw new ImageException(
            name
                + (Files.isDirectory(file)
                    ? ": is a folder"
                    : Files.exists(file) ? ": is no plain file" : ": does not exist")
                + " (expected: a PNG or TIFF file)");
      }
      long length = Files.size(file);
      byte[] start;
      try (InputStream in = Files.newInputStream(file)) {
        start = in.readNBytes(32);
      }
      if (start.length == 0) {
        throw new ImageException(
            name + ": is empty, 0 bytes (expected: a PNG or TIFF file)\nhelp: copy it again");
      }
      if (start.length > 1 && ((start[0] & 0xff) | (start[1] & 0xff) << 8) == GZIP_MAGIC) {
        byte[] inside = unzip(name, file);
        return decode(name, Arrays.copyOf(inside, Math.min(32, inside.length)), inside, decoder);
      }
      if (TiffPages.isTiff(start)) {
        try (ImageInputStream in = open(file)) {
          return decoder.tiff(name, in, length);
        }
      }
      if (PngHeader.isPng(start)) {
        checkPng(name, start, length);
        return decode(name, start, Files.readAllBytes(file), decoder);
      }
      return decode(name, start, start, decoder);
    } catch (ImageException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw new ImageException(
          name + ": not enough memory to decode it\nhelp: give Java more memory with -Xmx", e);
    } catch (IOException | RuntimeException e) {
      throw new ImageException(
          name
              + ": cannot be decoded: "
              + FileErrors.reason(e)
              + "\nhelp: the file is damaged or of a rare kind; export it again as PNG or plain"
              + " TIFF",
          e);
    }
  }

  private static ImageInputStream open(Path file) throws IOException {
    return new BufferedFileImageInputStreamSpi()
        .createInputStreamInstance(file.toFile(), false, null);
  }

  private static <T> T decode(String name, byte[] start, byte[] bytes, Decoder<T> decoder)
      throws IOException {
    if (PngHeader.isPng(start)) {
      checkPng(name, start, bytes.length);
      PngHeader.checkChunks(name, bytes);
      ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
      try (ImageInputStream in = new ByteArrayImageInputStream(bytes)) {
        // Without metadata: text chunks may be bombs of their own.
        reader.setInput(in, true, true);
        return decoder.png(name, reader.read(0));
      } finally {
        reader.dispose();
      }
    }
    if (TiffPages.isTiff(start)) {
      try (ImageInputStream in = new ByteArrayImageInputStream(bytes)) {
        return decoder.tiff(name, in, bytes.length);
      }
    }
    throw new ImageException(
        name
            + ": is neither PNG nor TIFF"
            + (start.length > 1 && (start[0] & 0xff) == 0xff && (start[1] & 0xff) == 0xd8
                ? " but JPEG, whose losses hide faint patterns"
                : "")
            + "\nhelp: export it as PNG or TIFF");
  }

  private static void checkPng(String name, byte[] start, long length) {
    PngHeader header = PngHeader.of(name, start);
    ImageLimits.check(
        name,
        header.width(),
        header.height(),
        header.samples(),
        header.bitDepth() > 8 ? 2 : 1,
        // Up to eight pixels lie in a byte.
        length * Math.max(1, 8 / header.bitDepth()),
        PngHeader.MAX_RATIO);
  }

  /** The content of a gzip file, refused as soon as it outgrows what an image may be. */
  private static byte[] unzip(String name, Path file) throws IOException {
    long limit =
        Math.min(
            Math.min(ImageLimits.maxPixels() * 8 + 65536, Integer.MAX_VALUE - 16),
            Runtime.getRuntime().maxMemory() / 4);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      byte[] bytes = in.readNBytes((int) limit);
      if (in.read() >= 0) {
        throw new ImageException(
            name
                + ": unpacks to more than "
                + count(limit, "byte")
                + "\nhelp: unpack it yourself, or raise -Xmx or -D"
                + ImageLimits.PROPERTY);
      }
      return bytes;
    }
  }
}
