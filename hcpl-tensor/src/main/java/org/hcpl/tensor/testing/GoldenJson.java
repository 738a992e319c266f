package org.hcpl.tensor.testing;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.hcpl.tensor.io.FileErrors;

/**
 * Reads reference files into trees and takes typed values out, so that a malformed file gives one
 * kind of error.
 */
final class GoldenJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private GoldenJson() {}

  /**
   * Parses a file and builds a record from it; whatever is missing or of a wrong type becomes a
   * GoldenFileException.
   */
  static <T> T read(Path file, String expected, Function<JsonNode, T> parse) {
    try {
      JsonNode tree;
      try (var in = Files.newBufferedReader(file)) {
        tree = MAPPER.readTree(in);
      }
      return parse.apply(tree);
    } catch (JacksonException e) {
      throw new GoldenFileException(
          file, "is not JSON: " + e.getOriginalMessage(), "expected a file of " + expected);
    } catch (IOException e) {
      throw new GoldenFileException(
          file, "cannot be read: " + FileErrors.reason(e), "check the path");
    } catch (IllegalArgumentException e) {
      throw new GoldenFileException(file, e.getMessage(), "expected a file of " + expected);
    }
  }

  static JsonNode get(JsonNode node, String key) {
    JsonNode value = node == null ? null : node.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no field '" + key + "'");
    }
    return value;
  }

  static JsonNode get(JsonNode row, int index) {
    JsonNode value = row.get(index);
    if (value == null) {
      throw new IllegalArgumentException("a row has no column " + index + ": " + brief(row));
    }
    return value;
  }

  static double number(JsonNode node) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException("not a number: " + brief(node));
    }
    return node.doubleValue();
  }

  static int integer(JsonNode node) {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw new IllegalArgumentException("not an integer: " + brief(node));
    }
    return node.intValue();
  }

  static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("not a text: " + brief(node));
    }
    return node.textValue();
  }

  static int[] integers(JsonNode node) {
    array(node);
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(node.get(i));
    }
    return values;
  }

  static double[] numbers(JsonNode node) {
    array(node);
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(node.get(i));
    }
    return values;
  }

  static double[][] rows(JsonNode node) {
    return list(node, GoldenJson::numbers).toArray(double[][]::new);
  }

  static <T> List<T> list(JsonNode node, Function<JsonNode, T> element) {
    array(node);
    List<T> values = new ArrayList<>(node.size());
    node.forEach(child -> values.add(element.apply(child)));
    return List.copyOf(values);
  }

  static GoldenArray array(JsonNode node, String shapeKey, String valuesKey) {
    return new GoldenArray(integers(get(node, shapeKey)), numbers(get(node, valuesKey)));
  }

  static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private static void array(JsonNode node) {
    if (!node.isArray()) {
      throw new IllegalArgumentException("not a list: " + brief(node));
    }
  }
}
