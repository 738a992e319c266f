package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The checked header of a safetensors file. It is parsed as a stream, so memory stays in proportion
 * to the header, and nothing of the tensors is allocated here.
 *
 * @param entries tensors by name, in the order of the header
 * @param metadata free texts
 * @param dataStart where the bytes of the tensors begin in the file
 */
record SafetensorsHeader(
    SequencedMap<String, Safetensors.Entry> entries,
    SequencedMap<String, String> metadata,
    long dataStart) {
  /**
   * Longer headers are refused: room for over 100,000 tensors, where the largest known models have
   * a few thousand.
   */
  static final int MAX_BYTES = 16 << 20;

  /** PyTorch and NumPy stop at 64 axes, too. */
  private static final int MAX_AXES = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxNumberLength(20)
                  .maxNameLength(4096)
                  .build())
          .build();

  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw new WeightFileException(
          file,
          "has " + count(size, "byte") + " (expected: at least 8, the length of the header)",
          Safetensors.DAMAGED);
    }
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    ArrayBytes.fill(channel, length);
    long headerBytes = length.getLong(0);
    if (headerBytes < 2 || headerBytes > MAX_BYTES || headerBytes > size - 8) {
      throw new WeightFileException(
          file,
          "states a header of "
              + Long.toUnsignedString(headerBytes)
              + " bytes"
              + " (expected: 2 to "
              + Math.min(MAX_BYTES, size - 8)
              + ")",
          Safetensors.DAMAGED);
    }
    ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
    ArrayBytes.fill(channel, json);
    try (JsonParser parser = JSON.createParser(json.array())) {
      Reader reader = new Reader(file, parser);
      reader.header();
      reader.checkRanges(size - 8 - headerBytes);
      return new SafetensorsHeader(
          Collections.unmodifiableSequencedMap(reader.entries),
          Collections.unmodifiableSequencedMap(reader.metadata),
          8 + headerBytes);
    } catch (JacksonException e) {
      throw new WeightFileException(
          file, "has a header that is not JSON: " + e.getOriginalMessage(), Safetensors.DAMAGED, e);
    }
  }

  /** Walks the tokens of one header. */
  private static final class Reader {
    private final Path file;
    private final JsonParser parser;
    private final SequencedMap<String, Safetensors.Entry> entries = new LinkedHashMap<>();
    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();

    Reader(Path file, JsonParser parser) {
      this.file = file;
      this.parser = parser;
    }

    void header() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (name.equals(Safetensors.METADATA)) {
          metadata();
        } else if (entries.put(name, entry(name)) != null) {
          throw bad("tensor '" + name + "' occurs twice");
        }
      }
      if (parser.nextToken() != null) {
        throw bad("the header goes on after its end");
      }
    }

    private void metadata() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT, Safetensors.METADATA);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        expect(parser.nextToken(), JsonToken.VALUE_STRING, Safetensors.METADATA + " '" + key + "'");
        if (metadata.put(key, parser.getText()) != null) {
          throw bad(Safetensors.METADATA + " '" + key + "' occurs twice");
        }
      }
    }

    private Safetensors.Entry entry(String name) throws IOException {
      String what = "tensor '" + name + "'";
      String dtype = null;
      int[] shape = null;
      long[] offsets = null;
      expect(parser.nextToken(), JsonToken.START_OBJECT, what);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        switch (field) {
          case "dtype" -> {
            expect(parser.nextToken(), JsonToken.VALUE_STRING, what + ": dtype");
            unset(dtype, what, field);
            dtype = parser.getText();
          }
          case "shape" -> {
            unset(shape, what, field);
            shape = shape(what);
          }
          case "data_offsets" -> {
            unset(offsets, what, field);
            offsets = numbers(what + ": data_offsets", 2);
          }
          default -> throw bad(what + ": unknown field '" + field + "'");
        }
      }
      if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
        throw bad(what + ": incomplete (expected: dtype, shape and two data_offsets)");
      }
      return checked(new Safetensors.Entry(name, dtype, shape, offsets[0], offsets[1]));
    }

    private int[] shape(String what) throws IOException {
      long[] sizes = numbers(what + ": shape", MAX_AXES);
      int[] shape = new int[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        if (sizes[i] > Integer.MAX_VALUE) {
          throw bad(what + ": shape " + Arrays.toString(sizes) + " is too large");
        }
        shape[i] = (int) sizes[i];
      }
      return shape;
    }

    private long[] numbers(String what, int most) throws IOException {
      expect(parser.nextToken(), JsonToken.START_ARRAY, what);
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
        long number = parser.getLongValue();
        if (number < 0 || numbers.size() == most) {
          throw bad(
              what
                  + ": "
                  + (number < 0 ? "negative number " + number : "more than " + most + " numbers"));
        }
        numbers.add(number);
      }
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private Safetensors.Entry checked(Safetensors.Entry entry) {
      String what =
          "tensor '" + entry.name() + "': " + entry.dtype() + " " + Arrays.toString(entry.shape());
      long count = NamedArray.elements(entry.shape());
      if (count < 0) {
        throw bad(what + " is too large");
      }
      long bytes = entry.end() - entry.begin();
      Codec codec = Safetensors.CODECS.get(entry.dtype());
      if (bytes < 0 || codec != null && bytes != count * codec.bytes()) {
        throw bad(
            what
                + " has data_offsets ["
                + entry.begin()
                + ", "
                + entry.end()
                + "], "
                + count(bytes, "byte")
                + (codec == null ? "" : " (expected: " + count * codec.bytes() + ")"));
      }
      return entry;
    }

    /** Ranges must cover the data once: no overlap, no hole, nothing beyond. */
    void checkRanges(long dataBytes) {
      List<Safetensors.Entry> sorted = new ArrayList<>(entries.values());
      sorted.sort(
          Comparator.comparingLong(Safetensors.Entry::begin)
              .thenComparingLong(Safetensors.Entry::end));
      long covered = 0;
      for (Safetensors.Entry entry : sorted) {
        if (entry.begin() != covered) {
          throw bad(
              "tensor '"
                  + entry.name()
                  + "' begins at byte "
                  + entry.begin()
                  + " of the data (expected: "
                  + covered
                  + "): "
                  + (entry.begin() < covered ? "tensors overlap" : "there is a hole"));
        }
        covered = entry.end();
        if (covered > dataBytes) {
          throw bad(
              "tensor '"
                  + entry.name()
                  + "' ends at byte "
                  + covered
                  + " of the data, which has "
                  + dataBytes);
        }
      }
      if (covered != dataBytes) {
        throw bad(
            "holds "
                + count(dataBytes, "byte")
                + " of data (expected: "
                + covered
                + ", the end of the last tensor)");
      }
    }

    private void unset(Object value, String what, String field) {
      if (value != null) {
        throw bad(what + ": field '" + field + "' occurs twice");
      }
    }

    private void expect(JsonToken token, JsonToken expected, String what) {
      if (token != expected) {
        throw bad(what + " is " + token + " (expected: " + expected + ")");
      }
    }

    private WeightFileException bad(String problem) {
      return new WeightFileException(file, problem, Safetensors.DAMAGED);
    }
  }
}
