package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.hcpl.tensor.testing.RealData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TfCheckpointTest {
  @TempDir private Path folder;
  private Path prefix;
  private TfCheckpointWriter writer;

  @BeforeEach
  void write() {
    prefix = folder.resolve("model.ckpt");
    writer = new TfCheckpointWriter();
    writer.add(
        "Layer-1/W",
        1,
        new int[] {2, 3},
        b -> b.putFloat(1).putFloat(2).putFloat(3).putFloat(4).putFloat(5).putFloat(-6),
        24);
    writer.add("Layer-1/b", 1, new int[] {3}, b -> b.putFloat(0.5f).putFloat(0).putFloat(7), 12);
    writer.add(
        "Layer-2/half",
        19,
        new int[] {2},
        b -> b.putShort((short) 0x3C00).putShort((short) 0x4000),
        4);
    writer.add("global_step", 9, new int[] {}, b -> b.putLong(1234), 8);
  }

  @Test
  void readsVariablesByNameAndAll() throws IOException {
    writer.write(prefix);
    TfCheckpoint checkpoint = TfCheckpoint.open(prefix);
    assertThat(checkpoint.names())
        .containsExactly("Layer-1/W", "Layer-1/b", "Layer-2/half", "global_step");
    NamedArray weight = checkpoint.read("Layer-1/W");
    assertThat(weight.shape()).containsExactly(2, 3);
    assertThat(weight.values()).containsExactly(1, 2, 3, 4, 5, -6);
    assertThat(checkpoint.read("Layer-2/half").values()).containsExactly(1, 2);
    assertThat(checkpoint.read("global_step").shape()).isEmpty();
    assertThat(checkpoint.readAll().values())
        .extracting(NamedArray::size)
        .containsExactly(6, 3, 2, 1);
    assertThat(TfCheckpoint.open(folder.resolve("model.ckpt.index")).names()).hasSize(4);
  }

  @Test
  void readsTablesOfSeveralBlocks() throws IOException {
    writer.recordsPerBlock = 2;
    writer.write(prefix);
    assertThat(TfCheckpoint.open(prefix).readAll()).hasSize(4);
  }

  @Test
  void missingVariablesAndFilesAreNamed() throws IOException {
    writer.write(prefix);
    TfCheckpoint checkpoint = TfCheckpoint.open(prefix);
    assertThatThrownBy(() -> checkpoint.read("Layer-3/W"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("holds no variable 'Layer-3/W'");
    Path data = folder.resolve("model.ckpt.data-00000-of-00001");
    Files.delete(data);
    assertThatThrownBy(() -> checkpoint.read("Layer-1/W"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining(data.toString())
        .hasMessageContaining("help: put the data file beside the .index file");
    assertThatThrownBy(() -> TfCheckpoint.open(folder.resolve("none")))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("none.index: cannot be read");
  }

  @Test
  void damagedValuesAreFoundByTheirChecksum() throws IOException {
    writer.write(prefix);
    Path data = folder.resolve("model.ckpt.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[25] ^= 1;
    Files.write(data, bytes);
    TfCheckpoint checkpoint = TfCheckpoint.open(prefix);
    assertThat(checkpoint.read("Layer-1/W").values()).hasSize(6);
    assertThatThrownBy(() -> checkpoint.read("Layer-1/b"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("variable 'Layer-1/b' has checksum");
    Files.write(data, Arrays.copyOf(bytes, 30));
    assertThatThrownBy(() -> checkpoint.read("Layer-1/b"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("has 30 bytes; variable 'Layer-1/b' needs 12 from byte 24");
  }

  @Test
  void everyDamageOfTheIndexIsRefused() throws IOException {
    writer.write(prefix);
    Path index = folder.resolve("model.ckpt.index");
    long length = Files.size(index);
    int refused = FileFuzz.damage(index, f -> TfCheckpoint.open(f).readAll());
    // All but the padding of the footer and the empty meta index is under a checksum.
    assertThat(refused)
        .isGreaterThanOrEqualTo(
            (int)
                (FileFuzz.CHANGES.length * (length - TfCheckpointWriter.UNCHECKED_BYTES) + length));
  }

  @Test
  void damageUnderAValidChecksumIsRefusedToo() throws IOException {
    writer.write(prefix);
    Path index = folder.resolve("model.ckpt.index");
    byte[] whole = Files.readAllBytes(index);
    int firstBlock = writer.firstBlockBytes;
    for (int i = 0; i < firstBlock; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bytes = whole.clone();
        bytes[i] ^= (byte) (1 << bit);
        TfCheckpointWriter.seal(bytes, 0, firstBlock);
        Files.write(index, bytes);
        try {
          TfCheckpoint.open(index).readAll();
        } catch (WeightFileException e) {
          assertThat(e).hasMessageContaining("model.ckpt").hasMessageContaining("\nhelp: ");
        }
      }
    }
  }

  @Test
  void unsupportedFormsAreNamed() throws IOException {
    writer.add("text", 7, new int[] {1}, b -> {}, 9);
    writer.add("wrong", 1, new int[] {2}, b -> {}, 8);
    writer.write(prefix);
    assertThatThrownBy(() -> TfCheckpoint.open(prefix).read("text"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("variable 'text' has dtype number 7");

    TfCheckpointWriter sizes = new TfCheckpointWriter();
    sizes.add("huge", 1, new int[] {1 << 30, 1 << 30}, b -> {}, 4);
    sizes.write(prefix);
    assertThatThrownBy(() -> TfCheckpoint.open(prefix))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("variable 'huge' of dtype 1 and shape [1073741824, 1073741824]");

    TfCheckpointWriter compressed = new TfCheckpointWriter();
    compressed.compression = 1;
    compressed.add("a", 1, new int[] {1}, b -> {}, 4);
    compressed.write(prefix);
    assertThatThrownBy(() -> TfCheckpoint.open(prefix))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("compressed block (type 1)");
  }

  @Test
  void readsThePublishedGapNetPl() {
    Optional<Path> real = RealData.find("gapnet_pl/models/gapnet-pl.ckpt.index");
    assumeTrue(real.isPresent(), "the published GapNet-PL weights are not here");
    Map<String, NamedArray> variables = TfCheckpoint.open(real.orElseThrow()).readAll();
    // 8 convolutions and 3 fully connected layers, weights and biases, and the training step.
    assertThat(variables).hasSize(23);
    assertThat(variables.get("ConvLayer-1/W_conv").shape()).containsExactly(3, 3, 4, 32);
    assertThat(variables.get("FC-3/W_dense").shape()).containsExactly(256, 13);
    assertThat(variables.remove("TeLL/tell_global_step").shape()).isEmpty();
    // The published count of trainable numbers; the int64 step takes the room of two more.
    assertThat(variables.values().stream().mapToInt(NamedArray::size).sum()).isEqualTo(626_221);
    for (NamedArray variable : variables.values()) {
      for (float value : variable.values()) {
        assertThat(value).isBetween(-10f, 10f);
      }
    }
  }
}
