package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir private Path folder;

  /** A file with that header and so many bytes of data, put by {@code data}. */
  private Path file(String header, int bytes, Consumer<ByteBuffer> data) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(json.length).put(json);
    data.accept(content);
    return Files.write(folder.resolve("x.safetensors"), content.array());
  }

  private Path file(String header, int bytes) throws IOException {
    return file(header, bytes, content -> {});
  }

  @Test
  void writesTheFormatByteForByte() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(
        file,
        List.of(new NamedArray("a", new int[] {2}, new float[] {1, -2})),
        Map.of("format", "pt"));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    assertThat(new String(header, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(header.length % 8).isZero();
    assertThat(bytes.getFloat()).isEqualTo(1);
    assertThat(bytes.getFloat()).isEqualTo(-2);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void readsByNameAndAll() {
    Path file = folder.resolve("w.safetensors");
    NamedArray b = new NamedArray("b", new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});
    NamedArray scalar = new NamedArray("scalar", new int[0], new float[] {7});
    NamedArray empty = new NamedArray("empty", new int[] {3, 0}, new float[0]);
    Safetensors.write(file, List.of(b, scalar, empty), Map.of());
    Safetensors read = Safetensors.open(file);
    assertThat(read.names()).containsExactly("b", "scalar", "empty");
    assertThat(read.metadata()).isEmpty();
    assertThat(read.contains("scalar")).isTrue();
    assertThat(read.read("scalar").values()).containsExactly(7);
    assertThat(read.readAll()).usingRecursiveComparison().isEqualTo(List.of(b, scalar, empty));
    assertThatThrownBy(() -> read.read("c"))
        .isInstanceOf(WeightFileException.class)
        .hasMessage(
            "weights: " + file + ": holds no tensor 'c'\nhelp: it has 3 tensors; list names()");
  }

  @Test
  void convertsEveryDtype() throws IOException {
    String header =
        "{'f64':{'dtype':'F64','shape':[1],'data_offsets':[0,8]},'i64':{'dtype':'I64','shape':[1],'data_offsets':[8,16]},"
            + "'i32':{'dtype':'I32','shape':[],'data_offsets':[16,20]},'f16':{'dtype':'F16','shape':[1],'data_offsets':[20,22]},"
            + "'bf16':{'dtype':'BF16','shape':[1],'data_offsets':[22,24]},'u8':{'dtype':'U8','shape':[1],'data_offsets':[24,25]},"
            + "'bool':{'dtype':'BOOL','shape':[1],'data_offsets':[25,26]},'f8':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[26,27]}}";
    Path file =
        file(
            header,
            27,
            bytes ->
                bytes
                    .putDouble(0.5)
                    .putLong(-3)
                    .putInt(12)
                    .putShort((short) 0x3C00)
                    .putShort((short) 0x4000)
                    .put((byte) 200)
                    .put((byte) 1));
    Safetensors read = Safetensors.open(file);
    assertThat(read.read("f64").values()).containsExactly(0.5f);
    assertThat(read.read("i64").values()).containsExactly(-3);
    assertThat(read.read("i32").values()).containsExactly(12);
    assertThat(read.read("f16").values()).containsExactly(1);
    assertThat(read.read("bf16").values()).containsExactly(2);
    assertThat(read.read("u8").values()).containsExactly(200);
    assertThat(read.read("bool").values()).containsExactly(1);
    assertThatThrownBy(() -> read.read("f8"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("tensor 'f8' has dtype F8_E4M3 (expected one of: [BF16, BOOL,")
        .hasMessageContaining("help: convert the file");
  }

  @Test
  void integersThatAreNoFloatAreAnErrorOnReading() throws IOException {
    Path file =
        file(
            "{'a':{'dtype':'I64','shape':[2],'data_offsets':[0,16]}}",
            16,
            b -> b.putLong(5).putLong((1L << 40) + 1));
    assertThatThrownBy(() -> Safetensors.open(file).read("a"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining(
            "tensor 'a': integer 1099511627777 is not a float32 exactly at index 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json | 0 | header that is not JSON",
        "[1,2] | 0 | the header is START_ARRAY (expected: START_OBJECT)",
        "{} {} | 0 | the header goes on after its end",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | 4 | [0, 4], 4 bytes (expected: 8)",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 8 | holds 8 bytes of data (expected: 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 2 | ends at byte 4 of the data, which has 2",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8 | there is a hole",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | 8 | [4, 0], -4 bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}} | 8 | negative number -4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}} | 8 | more than 2 numbers",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 4 | incomplete",
        "{'a':{'dtype':'F32','data_offsets':[0,4]}} | 4 | incomplete",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}} | 4 | shape is VALUE_NUMBER_FLOAT",
        "{'a':{'dtype':'F32','shape':[1],'shape':[1],'data_offsets':[0,4]}} | 4 | field 'shape' occurs twice",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':{}}} | 4 | unknown field 'x'",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}} | 3 | tensors overlap",
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}} | 2 | tensor 'a' occurs twice",
        "{'a':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,4]}} | 4 | F32 [65536, 65536] is too large",
        "{'a':{'dtype':'F32','shape':[4294967297],'data_offsets':[0,4]}} | 4 | is too large",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,0],'data_offsets':[0,4]}} | 4 | 4 bytes (expected: 0)",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | 4 | not JSON",
        "{'__metadata__':{'a':1}} | 0 | __metadata__ 'a' is VALUE_NUMBER_INT",
        "{'__metadata__':{'a':'1','a':'2'}} | 0 | __metadata__ 'a' occurs twice",
        "{'a': | 0 | not JSON",
      })
  void hostileHeadersAreRefused(String header, int bytes, String message) throws IOException {
    Path file = file(header, bytes);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(WeightFileException.class)
        .hasMessageStartingWith("weights: " + file + ": ")
        .hasMessageContaining(message)
        .hasMessageContaining("\nhelp: ");
  }

  @Test
  void headerLengthsBeyondTheFileAreRefused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    for (long length : new long[] {0, 1, 9, 1L << 40, Long.MAX_VALUE, -1}) {
      byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      Files.write(file, bytes);
      assertThatThrownBy(() -> Safetensors.open(file))
          .isInstanceOf(WeightFileException.class)
          .hasMessageContaining(
              "states a header of " + Long.toUnsignedString(length) + " bytes (expected: 2 to 8)");
    }
    Files.write(file, new byte[7]);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("has 7 bytes");
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    assertThatThrownBy(() -> Safetensors.open(folder.resolve("none.safetensors")))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("none.safetensors: cannot be read");
    assertThatThrownBy(() -> Safetensors.open(folder)).isInstanceOf(WeightFileException.class);
    assertThatThrownBy(
            () -> Safetensors.write(folder.resolve("no/folder.safetensors"), List.of(), Map.of()))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("help: give it a folder that exists");
  }

  @Test
  void aFileThatShrinksAfterOpeningIsNamed() throws IOException {
    Path file = file("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 4);
    Safetensors opened = Safetensors.open(file);
    Files.write(file, new byte[20]);
    assertThatThrownBy(() -> opened.read("a"))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("shorter than when it was opened");
  }

  @Test
  void writingRefusesEqualAndReservedNames() {
    NamedArray a = new NamedArray("a", new int[] {1}, new float[1]);
    NamedArray reserved = new NamedArray("__metadata__", new int[] {1}, new float[1]);
    Path file = folder.resolve("x.safetensors");
    assertThatThrownBy(() -> Safetensors.write(file, List.of(a, a), Map.of()))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("tensor name 'a' is reserved or occurs twice");
    assertThatThrownBy(() -> Safetensors.write(file, List.of(reserved), Map.of()))
        .isInstanceOf(WeightFileException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFullDiskIsNamedAndTheOldFileStays() throws IOException {
    // Linux has a file that is always full; a link to it stands for a disk that fills up while we
    // write.
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full on this system");
    Path target = folder.resolve("old.safetensors");
    Files.writeString(target, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(new byte[1 << 20]);
                      try (var disk = Files.newOutputStream(full)) {
                        disk.write(1);
                      }
                    }))
        .isInstanceOf(IOException.class);
    assertThat(target).hasContent("old");
    assertThat(folder).isDirectoryContaining("glob:**old.safetensors");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void replacingKeepsLinksAndLeavesNoTemporaryFile() throws IOException {
    Path target = folder.resolve("target");
    Files.writeString(target, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicFile.write(link, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(target).hasContent("new");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }
}
