package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What is written is read back bit for bit. */
class WeightFileProperties {
  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("hcpl-io");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Provide
  Arbitrary<int[]> shapes() {
    return Arbitraries.integers().between(0, 4).array(int[].class).ofMinSize(0).ofMaxSize(5);
  }

  /** Any bits, so infinities, NaNs and denormals, too. */
  @Provide
  Arbitrary<List<NamedArray>> arrays() {
    return shapes()
        .flatMap(
            shape ->
                Arbitraries.integers()
                    .array(int[].class)
                    .ofSize((int) NamedArray.elements(shape))
                    .map(bits -> new NamedArray("", shape, floats(bits))))
        .list()
        .ofMaxSize(4)
        .flatMap(
            list ->
                Arbitraries.strings()
                    .ofMaxLength(6)
                    .list()
                    .ofSize(list.size())
                    .uniqueElements()
                    .map(names -> named(list, names)));
  }

  private static float[] floats(int[] bits) {
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    return values;
  }

  private static List<NamedArray> named(List<NamedArray> arrays, List<String> names) {
    List<NamedArray> named = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      named.add(new NamedArray(names.get(i), arrays.get(i).shape(), arrays.get(i).values()));
    }
    return named;
  }

  private static void assertSame(NamedArray actual, NamedArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Float.floatToIntBits(actual.values()[i]))
          .isEqualTo(Float.floatToIntBits(expected.values()[i]));
    }
  }

  @Property(tries = 60)
  void safetensorsRoundTrip(
      @ForAll("arrays") List<NamedArray> arrays, @ForAll Map<String, String> metadata) {
    Path file = folder.resolve("x.safetensors");
    boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(arrays.toString() + metadata);
    Assume.that(encodable && metadata.keySet().stream().allMatch(k -> k.length() < 4096));
    Safetensors.write(file, arrays, metadata);
    Safetensors read = Safetensors.open(file);
    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.names()).isEqualTo(arrays.stream().map(NamedArray::name).toList());
    List<NamedArray> all = read.readAll();
    for (int i = 0; i < arrays.size(); i++) {
      assertSame(all.get(i), arrays.get(i));
      assertSame(read.read(arrays.get(i).name()), arrays.get(i));
    }
  }

  @Property(tries = 60)
  void npyRoundTrip(@ForAll("arrays") List<NamedArray> arrays) {
    Path file = folder.resolve("x.npy");
    for (NamedArray array : arrays) {
      for (Codec type : List.of(Codec.FLOAT32, Codec.FLOAT64)) {
        Npy.write(file, array, type);
        assertSame(Npy.read(file), array);
      }
    }
  }

  @Property(tries = 60)
  void npyRoundTripOfIntegers(@ForAll("shapes") int[] shape, @ForAll byte first) {
    Path file = folder.resolve("i.npy");
    float[] values = new float[(int) NamedArray.elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i & 0xFF;
    }
    NamedArray array = new NamedArray("i", shape, values);
    for (Codec type : List.of(Codec.UINT8, Codec.INT32, Codec.INT64)) {
      Npy.write(file, array, type);
      assertSame(Npy.read(file), array);
    }
  }
}
