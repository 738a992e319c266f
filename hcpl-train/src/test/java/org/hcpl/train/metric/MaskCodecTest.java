package org.hcpl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.Test;

class MaskCodecTest {
  private static String pack(byte[] counts) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(counts);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  private static String pack(String counts) throws IOException {
    return pack(counts.getBytes(StandardCharsets.US_ASCII));
  }

  private static String unpack(String text) throws IOException {
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void writesCocosCounts() throws IOException {
    // By hand: 6 -> '6'; 1 -> '1'; 40 = 8 + 32 -> groups 8|32, 1 -> 'X','1'; the fourth is written
    // as 4 - 1 = 3, the fifth as 49 - 40 = 9.
    Mask mask = Mask.ofRuns(10, 10, new int[] {6, 1, 40, 4, 49});
    assertThat(new String(MaskCodec.counts(mask), StandardCharsets.US_ASCII)).isEqualTo("61X139");
    // 16 needs a second group, for bit 4 is the sign; -1 is one group of ones: 'O'.
    Mask signs = Mask.ofRuns(5, 5, new int[] {0, 5, 16, 4});
    assertThat(new String(MaskCodec.counts(signs), StandardCharsets.US_ASCII)).isEqualTo("05`0O");
    assertThat(MaskCodec.decode(MaskCodec.encode(mask), 10, 10)).isEqualTo(mask);
    assertThat(unpack(MaskCodec.encode(mask))).isEqualTo("61X139");
  }

  @Test
  void readsTheEmptyMaskOfTheSampleSubmission() {
    Mask mask = MaskCodec.decode("eNoLCAgIMAEABJkBdQ==", 2048, 2048);
    assertThat(mask.area()).isZero();
    assertThat(MaskCodec.encode(mask)).isEqualTo("eNoLCAgIMAEABJkBdQ==");
  }

  @Test
  void refusesEachKindOfBadText() throws IOException {
    assertThatThrownBy(() -> MaskCodec.decode("e!", 4, 4))
        .isInstanceOf(MetricException.class)
        .hasMessageStartingWith("mask: not base64")
        .hasMessageContaining("'e!'");
    assertThatThrownBy(() -> MaskCodec.decode("AAAA", 4, 4))
        .hasMessageStartingWith("mask: not a zlib stream");
    assertThatThrownBy(() -> MaskCodec.decode("", 4, 4)).hasMessageContaining("ends early");
    String whole = pack("61X139");
    byte[] bytes = Base64.getDecoder().decode(whole);
    String cut = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, bytes.length - 5));
    assertThatThrownBy(() -> MaskCodec.decode(cut, 10, 10)).hasMessageContaining("ends early");
    String longer = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, bytes.length + 2));
    assertThatThrownBy(() -> MaskCodec.decode(longer, 10, 10))
        .hasMessageContaining("2 bytes follow the zlib stream");
    bytes[bytes.length - 1] ^= 1;
    String sum = Base64.getEncoder().encodeToString(bytes);
    assertThatThrownBy(() -> MaskCodec.decode(sum, 10, 10))
        .hasMessageStartingWith("mask: not a zlib stream");
    assertThatThrownBy(() -> MaskCodec.decode(whole, 10, 9))
        .hasMessageContaining("run 4 has 49 pixels and ends at pixel 100")
        .hasMessageContaining("at most height * width = 90")
        .hasMessageContaining("help: is it the mask of an image of another size?");
    assertThatThrownBy(() -> MaskCodec.decode(whole, 10, 11))
        .hasMessageContaining("add up to 100 pixels (expected: height * width = 10 * 11 = 110)");
    String space = pack("6 1");
    assertThatThrownBy(() -> MaskCodec.decode(space, 10, 10)).hasMessageContaining("byte 32 in");
    String half = pack("61X");
    assertThatThrownBy(() -> MaskCodec.decode(half, 10, 10)).hasMessageContaining("within run 2");
    String endless = pack("oooooooooooo");
    assertThatThrownBy(() -> MaskCodec.decode(endless, 10, 10))
        .hasMessageContaining("run 0 takes more than 7 characters");
    String negative = pack("O");
    assertThatThrownBy(() -> MaskCodec.decode(negative, 10, 10))
        .hasMessageContaining("run 0 has -1 pixels");
    assertThatThrownBy(() -> MaskCodec.decode(whole, 0, 10)).hasMessageContaining("height 0");
    assertThatThrownBy(() -> MaskCodec.decode(whole, 1 << 20, 1 << 20))
        .hasMessageContaining("expected: 1 to");
  }

  @Test
  void refusesABombAfterAsManyRunsAsTheImageCanHave() throws IOException {
    // 64 MB of empty runs in a text of 90 kB.
    byte[] zeros = new byte[1 << 26];
    Arrays.fill(zeros, (byte) '0');
    String bomb = pack(zeros);
    assertThat(bomb.length()).isLessThan(100_000);
    assertThatThrownBy(() -> MaskCodec.decode(bomb, 10, 10))
        .hasMessageContaining("more than 101 runs");
    assertThatThrownBy(() -> MaskCodec.decode(bomb, 1 << 13, 1 << 13, 1000))
        .hasMessageContaining("more than 1000 runs");
  }

  @Test
  void decodesEveryMaskOfARealSubmissionAndWritesItAgain() throws IOException {
    Optional<Path> found = RealData.find("kaggle2021/submission.csv");
    assumeTrue(found.isPresent(), "real data not here: kaggle2021/submission.csv");
    Path file = found.get();
    int masks = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",");
        int width = Integer.parseInt(fields[1]);
        int height = Integer.parseInt(fields[2]);
        String[] tokens = fields.length > 3 ? fields[3].strip().split(" +") : new String[0];
        for (int i = 2; i < tokens.length; i += 3) {
          Mask mask = MaskCodec.decode(tokens[i], height, width);
          assertThat(new String(MaskCodec.counts(mask), StandardCharsets.US_ASCII))
              .isEqualTo(unpack(tokens[i]));
          assertThat(MaskCodec.decode(MaskCodec.encode(mask), height, width)).isEqualTo(mask);
          masks++;
        }
      }
    }
    assertThat(masks).isEqualTo(902);
  }
}
