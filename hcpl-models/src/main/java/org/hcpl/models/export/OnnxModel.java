package org.hcpl.models.export;

import static org.hcpl.tensor.io.Words.count;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;

/**
 * Writes ONNX models (onnx.proto, opset 17) with what inference graphs need: nodes, attributes,
 * float and int64 initialisers, inputs and outputs of known shape.
 *
 * <pre>{@code
 * byte[] model = new OnnxModel("one convolution")
 *     .input("x", 1, 3, 224, 224)
 *     .initializer("w", weights, 64, 3, 7, 7)
 *     .node("Conv", List.of("x", "w"), List.of("y"), Map.of("strides", new long[] {2, 2}))
 *     .output("y", 1, 64, 109, 109)
 *     .bytes();
 * }</pre>
 */
public final class OnnxModel {
  /** The first with opset 17. */
  private static final int IR_VERSION = 8;

  private static final int OPSET = 17;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final String name;
  private final Message nodes = new Message();
  private final Message initializers = new Message();
  private final Message inputs = new Message();
  private final Message outputs = new Message();
  private int nodeCount;

  /** An empty graph. */
  public OnnxModel(String name) {
    this.name = name;
  }

  /** Adds a float input of the graph. */
  public OnnxModel input(String input, long... shape) {
    inputs.message(11, valueInfo(input, shape));
    return this;
  }

  /** Adds a float output of the graph. */
  public OnnxModel output(String output, long... shape) {
    outputs.message(12, valueInfo(output, shape));
    return this;
  }

  /** Adds constant floats, row-major in {@code shape}; copied. */
  public OnnxModel initializer(String tensor, float[] values, long... shape) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return initializer(tensor, FLOAT, values.length, raw.array(), shape);
  }

  /** Adds constant integers: shapes, axes, pads. */
  public OnnxModel initializer(String tensor, long[] values, long... shape) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return initializer(tensor, INT64, values.length, raw.array(), shape);
  }

  private OnnxModel initializer(String tensor, int type, int count, byte[] raw, long[] shape) {
    long size = 1;
    Message message = new Message();
    for (long dim : shape) {
      size *= dim;
      message.integer(1, dim);
    }
    if (size != count) {
      throw new IllegalArgumentException(
          "onnx: initializer "
              + tensor
              + " has "
              + count(count, "value")
              + ", its shape holds "
              + size
              + " (expected: the same)");
    }
    initializers.message(5, message.integer(2, type).text(8, tensor).raw(9, raw));
    return this;
  }

  /**
   * Adds a node; nodes stand in the order of their execution.
   *
   * @param attributes values of type Long, Integer, Float, String, long[] or float[]
   */
  public OnnxModel node(
      String opType, List<String> from, List<String> to, Map<String, ?> attributes) {
    Message node = new Message();
    from.forEach(value -> node.text(1, value));
    to.forEach(value -> node.text(2, value));
    node.text(3, opType + "_" + nodeCount++).text(4, opType);
    attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> node.message(5, attribute(entry.getKey(), entry.getValue())));
    nodes.message(1, node);
    return this;
  }

  private static Message attribute(String name, Object value) {
    Message message = new Message().text(1, name);
    return switch (value) {
      case Long number -> message.integer(3, number).integer(20, 2);
      case Integer number -> message.integer(3, number).integer(20, 2);
      case Float number -> message.fixed(2, number).integer(20, 1);
      case String text -> message.text(4, text).integer(20, 3);
      case float[] numbers -> {
        for (float number : numbers) {
          message.fixed(7, number);
        }
        yield message.integer(20, 6);
      }
      case long[] numbers -> {
        for (long number : numbers) {
          message.integer(8, number);
        }
        yield message.integer(20, 7);
      }
      default ->
          throw new IllegalArgumentException(
              "onnx: attribute "
                  + name
                  + " of "
                  + value.getClass()
                  + " (expected: Long, Integer, Float, String, long[] or float[])");
    };
  }

  private static Message valueInfo(String name, long[] shape) {
    Message dims = new Message();
    for (long dim : shape) {
      dims.message(1, new Message().integer(1, dim));
    }
    Message tensor = new Message().integer(1, FLOAT).message(2, dims);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** The file's bytes; {@link #writeTo} needs no second copy of the weights. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Writes the file.
   *
   * @throws ModelException if it exceeds 2 GiB, which a protocol buffer cannot
   */
  public void writeTo(OutputStream out) throws IOException {
    Message graph = new Message();
    graph.append(nodes).text(2, name).append(initializers).append(inputs).append(outputs);
    Message model =
        new Message()
            .integer(1, IR_VERSION)
            .text(2, "hcpl")
            .message(7, graph)
            .message(8, new Message().text(1, "").integer(2, OPSET));
    for (byte[] part : model.parts) {
      out.write(part);
    }
  }

  /**
   * A protocol buffer message under construction: pieces in order, so that weights are not copied
   * again.
   */
  private static final class Message {
    private final List<byte[]> parts = new ArrayList<>();
    private long size;

    private Message add(byte[] part) {
      parts.add(part);
      size += part.length;
      return this;
    }

    /** A variable-length integer. */
    Message integer(int field, long value) {
      return add(varints((long) field << 3, value));
    }

    /** A float, four bytes. */
    Message fixed(int field, float value) {
      add(varints((long) field << 3 | 5));
      return add(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    Message text(int field, String value) {
      return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message raw(int field, byte[] value) {
      return add(varints((long) field << 3 | 2, value.length)).add(value);
    }

    Message message(int field, Message value) {
      if (value.size > Integer.MAX_VALUE) {
        throw new ModelException(
            "onnx: a model of "
                + count(value.size, "byte")
                + " (expected: at most "
                + Integer.MAX_VALUE
                + ")");
      }
      return add(varints((long) field << 3 | 2, value.size)).append(value);
    }

    Message append(Message fields) {
      parts.addAll(fields.parts);
      size += fields.size;
      return this;
    }

    private static byte[] varints(long... values) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(12);
      for (long value : values) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
          bytes.write((int) (rest & 0x7F | 0x80));
          rest >>>= 7;
        }
        bytes.write((int) rest);
      }
      return bytes.toByteArray();
    }
  }
}
