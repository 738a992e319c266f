package org.hcpl.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  @TempDir Path folder;

  @Test
  void labelsOfSixteenBitsComeBackExactly() {
    LabelImage labels = new LabelImage(2, 3, new int[] {0, 1, 255, 256, 40000, 65535});
    Path file = folder.resolve("a.png");

    ImageFiles.writeLabels(labels, file);

    assertThat(ImageFiles.readLabels(file).labels()).isEqualTo(labels.labels());
    assertThat(ImageFiles.readLabels(file).width()).isEqualTo(3);
    assertThat(folder).isDirectoryNotContaining("glob:**.part-*");
  }

  @Test
  void tooLargeALabelIsAnErrorAndLeavesNoFile() {
    Path file = folder.resolve("a.png");

    assertThatThrownBy(
            () -> ImageFiles.writeLabels(new LabelImage(1, 2, new int[] {1, 65536}), file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("a.png: label 65536 (expected: 0..65535");
    assertThat(file).doesNotExist();
  }

  @Test
  void planesOfEightBitsComeBackToTheNearestStep() {
    Plane plane = new Plane(1, 4, new float[] {-1f, 0.25f, 0.5f, 2f});
    Path file = folder.resolve("a.png");

    ImageFiles.writePlane(plane, file);

    assertThat(ImageFiles.readPlane(file).values()).containsExactly(0f, 64 / 255f, 128 / 255f, 1f);
  }

  @Test
  void greyStoredAsRgbaBecomesOnePlaneAndOpacityIsIgnored() throws IOException {
    BufferedImage picture = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, 0x80111111);
    picture.setRGB(1, 1, 0xff333333);
    Path file = folder.resolve("a.png");
    ImageFiles.writePng(picture, file);

    StoredImage stored = ImageFiles.read(file);

    assertThat(stored.planes()).hasSize(1);
    assertThat(stored.planes().get(0).values()).containsExactly(0x11 / 255f, 0f, 0f, 0x33 / 255f);
  }

  @Test
  void aColouredPictureGivesItsStainWhateverTheGround() {
    BufferedImage dark = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    dark.setRGB(0, 0, 0x0000ff);
    Path file = folder.resolve("dark.png");
    ImageFiles.writePng(dark, file);
    assertThat(ImageFiles.readPlane(file).values()).containsExactly(1f, 0f, 0f);

    BufferedImage bright = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    bright.setRGB(0, 0, 0x6633ff);
    bright.setRGB(1, 0, 0xffffff);
    bright.setRGB(2, 0, 0xffffff);
    ImageFiles.writePng(bright, folder.resolve("bright.png"));
    assertThat(ImageFiles.readPlane(folder.resolve("bright.png")).values())
        .containsExactly(0x33 / 255f, 1f, 1f);
  }

  @Test
  void sixteenBitPngIsScaledByItsRange() {
    ImageFiles.writeLabels(
        new LabelImage(1, 3, new int[] {0, 257, 65535}), folder.resolve("a.png"));

    assertThat(ImageFiles.readPlane(folder.resolve("a.png")).values())
        .containsExactly(0f, 257 / 65535f, 1f);
  }

  @Test
  void onePixelBitmapsAndPalettesAreRead() {
    BufferedImage bits = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(8, 0, 0xffffff);
    ImageFiles.writePng(bits, folder.resolve("bits.png"));
    assertThat(ImageFiles.readPlane(folder.resolve("bits.png")).values())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1);
    assertThat(ImageFiles.readLabels(folder.resolve("bits.png")).at(0, 8)).isEqualTo(1);
  }

  @Test
  void tiffOfEightAndSixteenBitsAndFloatingPoint() throws IOException {
    Path file = folder.resolve("a.tif");
    Files.write(file, new TinyTiff("").page(1, 2, 1, 8, 51, 255).bytes());
    assertThat(ImageFiles.readPlane(file).values()).containsExactly(51 / 255f, 1f);

    Files.write(file, new TinyTiff("").page(2, 1, 1, 16, 13107, 65535).bytes());
    assertThat(ImageFiles.readPlane(file).values()).containsExactly(13107 / 65535f, 1f);
    assertThat(ImageFiles.readLabels(file).labels()).containsExactly(13107, 65535);

    Files.write(file, new TinyTiff("").floats(1, 2, 0.25f, 0.75f).bytes());
    assertThat(ImageFiles.readPlane(file).values()).containsExactly(0.25f, 0.75f);

    Files.write(file, new TinyTiff("").page(1, 1, 3, 8, 9, 9, 9).bytes());
    assertThat(ImageFiles.read(file).planes()).hasSize(1);
  }

  @Test
  void wrongDepthIsAnError() throws IOException {
    Path file = folder.resolve("deep.tif");
    Files.write(file, new TinyTiff("").page(1, 2, 1, 32, 1, 70000).bytes());
    assertThatThrownBy(() -> ImageFiles.readPlane(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("deep.tif: 32 bits a sample (expected: at most 16 bits")
        .hasMessageContaining("help: ");
    assertThat(ImageFiles.readLabels(file).labels()).containsExactly(1, 70000);

    Files.write(file, new TinyTiff("").floats(1, 2, 0.5f, 300f).bytes());
    assertThatThrownBy(() -> ImageFiles.readPlane(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("floating-point value 300.0 (expected: 0..1)");
    Files.write(file, new TinyTiff("").floats(1, 2, 0.5f, Float.NaN).bytes());
    assertThatThrownBy(() -> ImageFiles.readPlane(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("floating-point value NaN (expected: 0..1)");
  }

  @Test
  void samplesThatTheReaderWouldMixUpAreAnError() throws IOException {
    Path file = folder.resolve("mixed.tif");
    Files.write(
        file,
        new TinyTiff("").page(1, 2, 4, 8, 1, 2, 3, 4, 5, 6, 7, 8).withoutExtraSamples().bytes());
    for (Consumer<Path> reader :
        List.<Consumer<Path>>of(ImageFiles::read, ImageFiles::readLabels)) {
      assertThatThrownBy(() -> reader.accept(file))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("mixed.tif: 4 samples a pixel, and no word on what they are");
    }
    Files.write(file, new TinyTiff("").page(1, 2, 1, 8, -3, 3).signed().bytes());
    for (Consumer<Path> reader :
        List.<Consumer<Path>>of(ImageFiles::read, ImageFiles::readLabels)) {
      assertThatThrownBy(() -> reader.accept(file))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("mixed.tif: 8 bits with sign a sample");
    }
  }

  @Test
  void labelsAreTheStoredNumbersWhateverTheirColours() throws IOException {
    Path file = folder.resolve("labels.tif");
    Files.write(file, new TinyTiff("").page(1, 3, 1, 8, 0, 1, 2).whiteIsZero().bytes());
    assertThat(ImageFiles.readLabels(file).labels()).containsExactly(0, 1, 2);
    assertThat(ImageFiles.readPlane(file).values()[0]).isEqualTo(1);
    Files.write(file, new TinyTiff("").page(1, 2, 3, 8, 0, 0, 0, 7, 7, 7).bytes());
    assertThat(ImageFiles.readLabels(file).labels()).containsExactly(0, 7);
    Files.write(file, new TinyTiff("").page(1, 2, 3, 8, 0, 0, 0, 7, 7, 8).bytes());
    assertThatThrownBy(() -> ImageFiles.readLabels(file))
        .hasMessageContaining("labels.tif: a coloured picture");
  }

  @Test
  void labelsThatNoImageCanHaveAreAnError() throws IOException {
    Path file = folder.resolve("labels.tif");
    Files.write(file, new TinyTiff("").page(1, 2, 1, 32, 1, Integer.MAX_VALUE).bytes());
    assertThatThrownBy(() -> ImageFiles.readLabels(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("labels.tif: label 2147483647 (expected: at most 16777216)")
        .hasMessageContaining("help: number the objects anew");
  }

  @Test
  void othersMayReadWhatIsWritten() throws IOException {
    Path file = folder.resolve("a.png");
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path plain = Files.writeString(folder.resolve("plain"), "as the system makes files");
    ImageFiles.writePlane(Plane.of(1, 1), file);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void gzippedOriginalsAreRead() throws IOException {
    Path file = folder.resolve("a_blue.tif.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(new TinyTiff("").page(1, 2, 1, 8, 0, 255).bytes());
    }
    assertThat(ImageFiles.readPlane(file).values()).containsExactly(0f, 1f);
  }

  @Test
  void omeTiffOrdersChannelsByNameAndKnowsItsScale() throws IOException {
    Path file = folder.resolve("a.ome.tif");
    String xml =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">
        <Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="2" SizeY="1" SizeC="4"
          SizeZ="1" SizeT="1" PhysicalSizeX="80" PhysicalSizeXUnit="nm">
        <Channel ID="Channel:0:0" Name="DAPI (nucleus)"/><Channel ID="Channel:0:1" Name="ER"/>
        <Channel ID="Channel:0:2" Name="anti-protein"/><Channel ID="Channel:0:3" Name="Microtubules"/>
        <TiffData/></Pixels></Image></OME>
        """;
    TinyTiff tiff = new TinyTiff(xml);
    for (int c = 1; c <= 4; c++) {
      tiff.page(1, 2, 1, 16, c, c);
    }
    Files.write(file, tiff.bytes());

    HpaImage image = ImageFiles.read(file).toHpaImage("a");

    assertThat(image.plane(Channel.BLUE).at(0, 0)).isEqualTo(1 / 65535f);
    assertThat(image.plane(Channel.YELLOW).at(0, 0)).isEqualTo(2 / 65535f);
    assertThat(image.plane(Channel.GREEN).at(0, 0)).isEqualTo(3 / 65535f);
    assertThat(image.plane(Channel.RED).at(0, 0)).isEqualTo(4 / 65535f);
    assertThat(image.pixelSizeMicrometres()).isCloseTo(0.08, within(1e-12));
  }

  @Test
  void unnamedPagesAndInterleavedSamplesKeepTheirOrder() throws IOException {
    Path file = folder.resolve("a.tif");
    Files.write(
        file,
        new TinyTiff("")
            .page(1, 1, 1, 8, 1)
            .page(1, 1, 1, 8, 2)
            .page(1, 1, 1, 8, 3)
            .page(1, 1, 1, 8, 4)
            .bytes());
    assertThat(ImageFiles.read(file).toHpaImage("a").plane(Channel.YELLOW).at(0, 0))
        .isEqualTo(4 / 255f);

    Files.write(file, new TinyTiff("").page(1, 1, 4, 8, 1, 2, 3, 4).bytes());
    HpaImage image = ImageFiles.read(file).toHpaImage("a");
    assertThat(image.plane(Channel.RED).at(0, 0)).isEqualTo(1 / 255f);
    assertThat(image.plane(Channel.YELLOW).at(0, 0)).isEqualTo(4 / 255f);
  }

  @Test
  void externalEntitiesInOmeMetadataAreRefused() throws IOException {
    Path secret = folder.resolve("secret.txt");
    Files.writeString(secret, "1.5");
    String xml =
        "<!DOCTYPE OME [<!ENTITY x SYSTEM \""
            + secret.toUri()
            + "\">]><OME><Image><Pixels"
            + " SizeC=\"1\"><Channel Name=\"a\"/>&x;</Pixels></Image></OME>";
    Path file = folder.resolve("a.tif");
    Files.write(file, new TinyTiff(xml).page(1, 1, 1, 8, 1).bytes());

    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("a.tif: its OME-XML cannot be read")
        .hasMessageContaining("DOCTYPE");
  }

  @Test
  void stacksThatAreNoFlatImageAreRefused() throws IOException {
    Path file = folder.resolve("z.tif");
    String xml = "<OME><Image><Pixels SizeC=\"1\" SizeZ=\"2\"/></Image></OME>";
    Files.write(file, new TinyTiff(xml).page(1, 1, 1, 8, 1).page(1, 1, 1, 8, 1).bytes());
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("z.tif: SizeZ 2 (expected: 1)");

    String companion = "<OME><Image><Pixels SizeC=\"4\"/></Image></OME>";
    Files.write(file, new TinyTiff(companion).page(1, 1, 1, 8, 1).bytes());
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("speaks of 4 channels, the file holds 1");
  }

  @Test
  void imageJScaleIsKnown() throws IOException {
    OmeMetadata metadata = OmeMetadata.of("f", "ImageJ=1.53\nunit=micron\nimages=1\n", 12.5);
    assertThat(metadata.pixelSizeMicrometres()).isCloseTo(0.08, within(1e-12));
    assertThat(OmeMetadata.of("f", "ImageJ=1.53\nunit=pixel\n", 1).pixelSizeMicrometres()).isNaN();
    assertThat(OmeMetadata.of("f", "Leica", 12.5)).isEqualTo(OmeMetadata.NONE);
  }

  @Test
  void mixedUpNamesAreAnError() {
    Plane plane = Plane.of(1, 1);
    StoredImage stored =
        new StoredImage(
            "f",
            List.of(plane, plane, plane, plane),
            false,
            java.util.List.of("nucleus", "dapi", "er", "tubulin"),
            Double.NaN);
    assertThatThrownBy(() -> stored.toHpaImage("a"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("two channels look like blue");
  }

  @Test
  void damageOfAnyKindIsOneExceptionThatNamesTheFile() throws IOException {
    ImageFiles.writeLabels(new LabelImage(8, 8, new int[64]), folder.resolve("good.png"));
    byte[] png = Files.readAllBytes(folder.resolve("good.png"));
    byte[] tiff = new TinyTiff("x").page(8, 8, 1, 8, new int[64]).bytes();
    Random random = new Random(7);
    Path file = folder.resolve("damaged");
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] bytes = (round % 2 == 0 ? png : tiff).clone();
      if (round % 3 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      for (int i = 0; i < 3 && bytes.length > 0 && round % 3 > 0; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
      try {
        ImageFiles.read(file);
      } catch (ImageException e) {
        refused++;
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void aPngCutOffOrChangedSaysSo() throws IOException {
    Path file = folder.resolve("cut.png");
    ImageFiles.writePlane(Plane.of(64, 64), file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cut.png: this PNG file ")
        .hasMessageContaining("it has been cut off");

    bytes[bytes.length - 25] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("wrong checksum in chunk IDAT");
  }

  @Test
  void aHugeHeaderIsRefusedBeforeDecoding() throws IOException {
    Path file = folder.resolve("bomb.png");
    ImageFiles.writePlane(Plane.of(4, 4), file);
    byte[] bytes = Files.readAllBytes(file);
    java.nio.ByteBuffer.wrap(bytes).putInt(16, 60000).putInt(20, 60000);
    Files.write(file, bytes);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("bomb.png: the header claims 60000 x 60000 pixels")
        .hasMessageContaining("-Dhcpl.maxPixels");

    java.nio.ByteBuffer.wrap(bytes).putInt(16, 15000).putInt(20, 15000);
    Files.write(file, bytes);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("bytes of file cannot hold them");

    byte[] tiff = new TinyTiff("").page(1, 1, 1, 8, 1).bytes();
    java.nio.ByteBuffer view =
        java.nio.ByteBuffer.wrap(tiff).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int directory = view.getInt(4);
    view.putInt(directory + 2 + 8, 60000).putInt(directory + 14 + 8, 60000);
    Path huge = folder.resolve("bomb.tif");
    Files.write(huge, tiff);
    assertThatThrownBy(() -> ImageFiles.read(huge))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("bomb.tif: the header claims 60000 x 60000 pixels");
  }

  @Test
  void emptyFilesFoldersAndOtherKindsAreRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.png"));
    assertThatThrownBy(() -> ImageFiles.read(empty))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("empty.png: is empty, 0 bytes");
    assertThatThrownBy(() -> ImageFiles.read(folder))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("is a folder (expected: a PNG or TIFF file)");
    assertThatThrownBy(() -> ImageFiles.read(folder.resolve("none.png")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("none.png: does not exist");
    Path device = Path.of("/dev/null");
    if (Files.exists(device)) {
      assertThatThrownBy(() -> ImageFiles.read(device))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("null: is no plain file");
    }
    Path text = Files.writeString(folder.resolve("text.png"), "not an image");
    assertThatThrownBy(() -> ImageFiles.read(text))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("text.png: is neither PNG nor TIFF");
    Path jpeg = Files.write(folder.resolve("a.jpg"), new byte[] {-1, (byte) 0xd8, 0, 0});
    assertThatThrownBy(() -> ImageFiles.read(jpeg)).hasMessageContaining("JPEG");
    assertThatThrownBy(() -> ImageFiles.writePlane(Plane.of(1, 1), folder.resolve("no/such/a.png")))
        .isInstanceOf(ImageWriteException.class)
        .hasMessageContaining("a.png: cannot be written");
  }
}
