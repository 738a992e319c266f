package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir private Path folder;

  private static byte[] npy(int version, String header, int bytes, Consumer<ByteBuffer> data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    int before = version == 1 ? 10 : 12;
    ByteBuffer content =
        ByteBuffer.allocate(before + text.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    content.put(NpyHeader.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      content.putShort((short) text.length);
    } else {
      content.putInt(text.length);
    }
    content.put(text);
    data.accept(content);
    return content.array();
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("x.npy"), content);
  }

  private static byte[] floats(String name, int count) {
    return npy(
        1,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + count + ",), }\n",
        4 * count,
        b -> {
          for (int i = 0; i < count; i++) {
            b.putFloat(name.length() + i);
          }
        });
  }

  private static byte[] zip(Object... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
        zip.write((byte[]) namesAndContents[i + 1]);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void writesTheHeaderOfNumpy() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new NamedArray("a", new int[] {2, 1}, new float[] {1, 2}));
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSize(128 + 8);
    assertThat(new String(bytes, 10, 118, StandardCharsets.ISO_8859_1))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1,), }")
        .endsWith(" \n");
    NamedArray read = Npy.read(file);
    assertThat(read.name()).isEqualTo("a");
    assertThat(read.values()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) throws IOException {
    Path file =
        file(
            npy(
                version,
                "{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n",
                8,
                b -> b.putDouble(0.25)));
    assertThat(Npy.read(file).values()).containsExactly(0.25f);
    assertThat(Npy.read(file).shape()).isEmpty();
  }

  @Test
  void readsFortranOrder() throws IOException {
    Path file =
        file(
            npy(
                1,
                "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }\n",
                12,
                b -> {
                  for (int i = 0; i < 12; i++) {
                    b.put((byte) i);
                  }
                }));
    // Column-major position of [a, b, c] is a + 2 b + 6 c.
    assertThat(Npy.read(file).values()).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
  }

  @Test
  void readsBigEndianAndOtherKeyOrder() throws IOException {
    Path file =
        file(
            npy(
                1,
                "{\"shape\": (1, 2), \"fortran_order\":False,\"descr\":\">i4\"}",
                8,
                b -> b.order(ByteOrder.BIG_ENDIAN).putInt(-7).putInt(70000)));
    assertThat(Npy.read(file).values()).containsExactly(-7, 70000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } ; holds 8 bytes of data (expected: 12 for FLOAT32 [3])",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } ; holds 8 bytes of data (expected: 4",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } ; type '|O'",
        "{'descr': '<U8', 'fortran_order': False, 'shape': (1,), } ; type '<U8'",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), } ; type '<c8'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), } ; cannot be understood: 'descr': [",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), } ; too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), } ; too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,), } ; shape (2.0,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), } ; integers up to",
        "{'descr': '<f4', 'fortran_order': False, } ; lacks",
        "{'descr': '<f4', 'fortran_order': 'False', 'shape': (2,), } ; lacks",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': True} ; unknown header key x",
        "'descr': '<f4', 'fortran_order': False, 'shape': (2,) ; no dictionary",
      })
  void badHeadersAreRefused(String header, String message) throws IOException {
    Path file = file(npy(1, header, 8, b -> {}));
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(WeightFileException.class)
        .hasMessageStartingWith("weights: " + file + ": ")
        .hasMessageContaining(message)
        .hasMessageContaining("\nhelp: ");
  }

  @Test
  void hugeHeadersAreRefusedUnread() throws IOException {
    byte[] bytes = npy(2, "{}", 0, b -> b.putInt(8, 0x7FFFFFFF));
    assertThatThrownBy(() -> Npy.read(file(bytes)))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("states a header of 2147483647 bytes");
  }

  @Test
  void writingRefusesWhatAnIntegerCannotHold() {
    NamedArray half = new NamedArray("a", new int[] {1}, new float[] {0.5f});
    Path file = folder.resolve("a.npy");
    assertThatThrownBy(() -> Npy.write(file, half, Codec.INT32))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("cannot hold 0.5 is not an integer");
    assertThatThrownBy(() -> Npy.write(file, half, Codec.BFLOAT16))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("cannot be written as BFLOAT16");
    assertThat(file).doesNotExist();
  }

  @Test
  void readsArchives() throws IOException {
    Path file =
        Files.write(
            folder.resolve("x.npz"),
            zip("sample.npy", floats("sample", 3), "b/c.npy", floats("c", 2)));
    var arrays = Npz.read(file);
    assertThat(arrays.keySet()).containsExactly("sample", "b/c");
    assertThat(arrays.get("sample").values()).containsExactly(6, 7, 8);
  }

  @Test
  void archivesAreBounded() throws IOException {
    byte[] bomb =
        npy(
            1,
            "{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,), }\n",
            100,
            b -> {});
    Path file = Files.write(folder.resolve("x.npz"), zip("a.npy", bomb));
    assertThatThrownBy(() -> Npz.read(file))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("array 'a.npy' claims 2000000000 bytes of data (expected: at most");

    Path zeros =
        Files.write(
            folder.resolve("z.npz"), zip("a.npy", floats("a", 1000), "b.npy", floats("b", 1000)));
    assertThat(Npz.read(zeros, 8000)).hasSize(2);
    assertThatThrownBy(() -> Npz.read(zeros, 7999))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining(
            "array 'b.npy' takes the file over the limit: 4000 bytes of values (expected: at most 3999)");
  }

  @Test
  void archivesOfOtherThingsAreRefused() throws IOException {
    Path text = Files.write(folder.resolve("t.npz"), zip("readme.txt", new byte[100]));
    assertThatThrownBy(() -> Npz.read(text))
        .isInstanceOf(WeightFileException.class)
        .hasMessageContaining("array 'readme.txt' is no npy array");
    Path noZip = Files.write(folder.resolve("n.npz"), new byte[100]);
    assertThatThrownBy(() -> Npz.read(noZip)).isInstanceOf(WeightFileException.class);
    assertThatThrownBy(() -> Npz.read(folder.resolve("none.npz")))
        .isInstanceOf(WeightFileException.class);
  }

  @Test
  void damageGivesAWeightFileExceptionOrAValidArray() throws IOException {
    Path npy =
        file(npy(1, "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n", 24, b -> {}));
    assertThat(FileFuzz.damage(npy, Npy::read)).isPositive();
    Path npz =
        Files.write(
            folder.resolve("x.npz"),
            zip("sample.npy", floats("sample", 9), "b.npy", floats("c", 2)));
    assertThat(FileFuzz.damage(npz, Npz::read)).isPositive();
  }

  @Test
  void damagedSafetensorsGiveAWeightFileExceptionOrAValidRead() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(
        file,
        List.of(
            new NamedArray("a.weight", new int[] {2, 3}, new float[6]),
            new NamedArray("b", new int[] {}, new float[1])),
        java.util.Map.of("format", "pt"));
    assertThat(FileFuzz.damage(file, f -> Safetensors.open(f).readAll())).isPositive();
  }
}
