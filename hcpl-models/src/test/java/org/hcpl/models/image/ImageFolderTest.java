package org.hcpl.models.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private void image(String id, int height, int width) {
    for (Channel channel : Channel.values()) {
      float[] values = new float[height * width];
      Arrays.fill(values, (channel.ordinal() + 1) / 255f);
      ImageFiles.writePlane(
          new Plane(height, width, values), folder.resolve(id + "_" + channel.fileName() + ".png"));
    }
  }

  @Test
  void listsIdsSortedAndReadsTheChannelsInOrder() throws IOException {
    image("b", 3, 2);
    image("a", 2, 5);
    Files.move(folder.resolve("a_red.png"), folder.resolve("a_RED.PNG"));
    ImageFiles.writeLabels(LabelImage.of(2, 5), folder.resolve("a_cellmask.png"));
    Files.writeString(folder.resolve("labels.csv"), "ID,Label");

    ImageFolder images = ImageFolder.channels(folder);

    assertThat(images.ids()).containsExactly("a", "b");
    assertThat(images.files("a"))
        .containsExactly(
            folder.resolve("a_RED.PNG"),
            folder.resolve("a_green.png"),
            folder.resolve("a_blue.png"),
            folder.resolve("a_yellow.png"));
    assertThat(images.files("../a")).isEmpty();
    HpaImage image = images.read("a");
    assertThat(image.width()).isEqualTo(5);
    for (Channel channel : Channel.values()) {
      assertThat(image.plane(channel).at(1, 4)).isEqualTo((channel.ordinal() + 1) / 255f);
    }
  }

  @Test
  void aMissingChannelIsNamed() throws IOException {
    image("a", 2, 2);
    Files.delete(folder.resolve("a_yellow.png"));

    assertThatThrownBy(() -> ImageFolder.channels(folder).read("a"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("image a lacks its yellow channel (expected: a_yellow.png)");
  }

  @Test
  void channelsOfDifferentSizeAreAnError() {
    image("a", 2, 2);
    ImageFiles.writePlane(Plane.of(2, 3), folder.resolve("a_blue.png"));

    assertThatThrownBy(() -> ImageFolder.channels(folder).read("a"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("a_blue.png: 3x2 (expected: 2x2 as its red channel)");
  }

  @Test
  void twoFilesForOneChannelAreAnError() throws IOException {
    image("a", 1, 1);
    Files.write(folder.resolve("a_blue.tif"), new TinyTiff("").page(1, 1, 1, 8, 1).bytes());

    assertThatThrownBy(() -> ImageFolder.channels(folder).read("a"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("several files for a blue: [a_blue.png, a_blue.tif]");
  }

  @Test
  void anIdNeverLeadsOutOfTheFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    image("secret", 1, 1);
    for (Channel channel : Channel.values()) {
      ImageFiles.writePlane(Plane.of(1, 1), inner.resolve("a_" + channel.fileName() + ".png"));
    }
    ImageFolder images = ImageFolder.channels(inner);

    for (String id : List.of("../secret", folder.resolve("secret").toString(), "", ".", "b")) {
      assertThatThrownBy(() -> images.read(id))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("no image \"" + id + "\"");
    }
  }

  @Test
  void foldersWithoutImagesAreErrors() throws IOException {
    assertThatThrownBy(() -> ImageFolder.channels(folder))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("no images found (expected: <id>_red.png");
    assertThatThrownBy(() -> ImageFolder.nuclei(folder)).isInstanceOf(ImageException.class);
    Path file = Files.createFile(folder.resolve("f"));
    assertThatThrownBy(() -> ImageFolder.channels(file)).hasMessageContaining("f: is a file");
    assertThatThrownBy(() -> ImageFolder.channels(folder.resolve("g")))
        .hasMessageContaining("g: does not exist");
  }

  @Test
  void nucleusAloneIsOneFileAnImage() {
    ImageFiles.writePlane(new Plane(1, 2, new float[] {0, 1}), folder.resolve("n1.png"));
    image("hpa", 1, 1);

    ImageFolder images = ImageFolder.nuclei(folder);

    assertThat(images.ids()).containsExactly("hpa", "n1");
    assertThat(images.read("n1").plane(Channel.BLUE).values()).containsExactly(0f, 1f);
    assertThat(images.read("n1").plane(Channel.RED).values()).containsOnly(0f);
    assertThat(images.read("hpa").plane(Channel.BLUE).values()).containsExactly(3 / 255f);
  }

  @Test
  void aFileOfFourChannelsIsAnImage() throws IOException {
    Files.write(
        folder.resolve("a.ome.tiff"), new TinyTiff("").page(1, 1, 4, 8, 1, 2, 3, 4).bytes());

    assertThat(ImageFolder.channels(folder).read("a").plane(Channel.GREEN).values())
        .containsExactly(2 / 255f);
  }

  @Test
  void aBadImageIsARecordAndTheBatchGoesOn() throws IOException {
    for (String id : List.of("a", "b", "c", "d")) {
      image(id, 2, 2);
    }
    Files.write(folder.resolve("b_green.png"), new byte[0]);

    try (Stream<ImageFolder.Loaded> all = ImageFolder.channels(folder).stream(2)) {
      List<ImageFolder.Loaded> loaded = all.toList();
      assertThat(loaded).extracting(ImageFolder.Loaded::id).containsExactly("a", "b", "c", "d");
      assertThat(loaded)
          .extracting(ImageFolder.Loaded::ok)
          .containsExactly(true, false, true, true);
      assertThat(loaded.get(1).error()).hasMessageContaining("b_green.png: is empty");
    }
  }

  @Test
  void neverMoreThanTheStatedNumberWaits() {
    AtomicInteger started = new AtomicInteger();
    int[] consumed = new int[1];
    List<Integer> items = IntStream.range(0, 50).boxed().toList();
    try (Stream<Integer> results =
        Prefetch.ordered(
            items,
            i -> {
              started.incrementAndGet();
              return 2 * i;
            },
            3,
            2)) {
      results.forEach(
          r -> {
            assertThat(r).isEqualTo(2 * consumed[0]++);
            assertThat(started.get()).isLessThanOrEqualTo(consumed[0] + 3);
          });
    }
    assertThat(consumed[0]).isEqualTo(50);
  }

  @Test
  void whatTheWorkThrowsReachesTheConsumer() {
    try (Stream<Integer> results = Prefetch.ordered(List.of(1, 0), i -> 1 / i, 2, 2)) {
      assertThatThrownBy(results::toList).isInstanceOf(ArithmeticException.class);
    }
  }
}
