package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Damages a file in every small way and reads it: only a WeightFileException may come out. */
final class FileFuzz {
  static final int[] CHANGES = {0x01, 0x80, 0xFF};

  private FileFuzz() {}

  /** Reads a file completely. */
  interface Reader {
    void read(Path file);
  }

  /**
   * Flips the lowest bit, the highest bit and all bits of every byte, and tries every truncation of
   * {@code file}.
   *
   * @return how many damaged files were refused; the others were read as valid
   */
  static int damage(Path file, Reader reader) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < whole.length; i++) {
      byte original = whole[i];
      for (int change = 0; change < CHANGES.length; change++) {
        whole[i] = (byte) (original ^ CHANGES[change]);
        Files.write(file, whole);
        refused += refuses(file, reader);
      }
      whole[i] = original;
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int refusedHere = refuses(file, reader);
      assertThat(refusedHere).as("truncated to %d of %d bytes", length, whole.length).isEqualTo(1);
      refused += refusedHere;
    }
    Files.write(file, whole);
    return refused;
  }

  private static int refuses(Path file, Reader reader) {
    try {
      reader.read(file);
      return 0;
    } catch (WeightFileException e) {
      assertThat(e)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("\nhelp: ");
      return 1;
    }
  }
}
