package org.hcpl.models.export;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;

/**
 * The ONNX graph of a trace under construction. Feature maps are {@code [N, H, W, C]} here and
 * {@code [N, C, H, W]} in most of ONNX: every value knows in which of the two orders it exists and
 * is transposed where the other is needed, once.
 */
final class OnnxGraph {
  /** Axis k of a channels-first value is axis {@code CHANNELS_FIRST[k]} of the tensor. */
  static final int[] CHANNELS_FIRST = {0, 3, 1, 2};

  /** Axis a of a tensor is axis {@code CHANNELS_LAST[a]} of its channels-first value. */
  static final int[] CHANNELS_LAST = {0, 2, 3, 1};

  /**
   * The names of a value in the tensor's order and channels first; null where it does not exist so.
   */
  private static final class Value {
    private String own;
    private String channelsFirst;
  }

  private final OnnxModel model;
  private final OnnxTrace trace;
  private final IdentityHashMap<Tensor, Value> values = new IdentityHashMap<>();
  private final IdentityHashMap<Tensor, String> names;
  private final IdentityHashMap<Tensor, Map<String, String>> constants = new IdentityHashMap<>();
  private final Map<List<Object>, String> numbers = new HashMap<>();
  private int count;

  /**
   * An empty graph.
   *
   * @param names the names of parameters and buffers
   */
  OnnxGraph(OnnxModel model, OnnxTrace trace, IdentityHashMap<Tensor, String> names) {
    this.model = model;
    this.trace = trace;
    this.names = names;
  }

  // ---- values ----------------------------------------------------------------------------------

  /** Whether a tensor is computed from the input; all others are constants. */
  boolean isComputed(Tensor tensor) {
    return trace.isComputed(tensor);
  }

  /** Whether a computed value exists channels first and not in the tensor's order. */
  boolean isChannelsFirst(Tensor tensor) {
    return isComputed(tensor) && value(tensor).own == null;
  }

  /** Notes the name of a computed value. */
  void set(Tensor tensor, String name, boolean channelsFirst) {
    Value value = new Value();
    if (channelsFirst) {
      value.channelsFirst = name;
    } else {
      value.own = name;
    }
    values.put(trace.resolve(tensor), value);
  }

  private Value value(Tensor tensor) {
    Tensor resolved = trace.resolve(tensor);
    Value value = values.get(resolved);
    if (value == null) {
      // A view without history: another object at the same place.
      value =
          values.entrySet().stream()
              .filter(entry -> samePlace(entry.getKey(), resolved))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElseThrow();
      values.put(resolved, value);
    }
    return value;
  }

  private static boolean samePlace(Tensor a, Tensor b) {
    return a.buffer() == b.buffer() && a.offset() == b.offset() && a.shape().equals(b.shape());
  }

  /** The name of a value in the order of the tensor's axes. */
  String own(Tensor tensor) {
    if (!isComputed(tensor)) {
      return constant(tensor, tensor.shape(), null);
    }
    Value value = value(tensor);
    if (value.own == null) {
      value.own = reorder(value.channelsFirst, tensor.shape(), tensor.shape(), CHANNELS_LAST);
    }
    return value.own;
  }

  /**
   * The name of a value of at most four axes, channels first; with fewer axes as broadcasting
   * against {@code [N, H, W, C]} reads it, with leading axes of length 1.
   */
  String channelsFirst(Tensor tensor) {
    Shape image = image(tensor.shape());
    if (!isComputed(tensor)) {
      return constant(tensor, image, CHANNELS_FIRST);
    }
    Value value = value(tensor);
    if (value.channelsFirst == null) {
      String ranked = tensor.rank() == 4 ? value.own : reshape(value.own, image);
      value.channelsFirst = reorder(ranked, image, permuted(image, CHANNELS_FIRST), CHANNELS_FIRST);
    }
    return value.channelsFirst;
  }

  private static Shape image(Shape shape) {
    int[] dims = new int[4];
    Arrays.fill(dims, 1);
    System.arraycopy(shape.dims(), 0, dims, 4 - shape.rank(), shape.rank());
    return Shape.of(dims);
  }

  /** A transposition, or a reshape where all but one of the moved axes have length 1. */
  private String reorder(String name, Shape tensor, Shape result, int[] axes) {
    boolean onlyReshape = tensor.dim(1) * tensor.dim(2) == 1 || tensor.dim(3) == 1;
    return onlyReshape ? reshape(name, result) : transpose(name, axes);
  }

  static Shape permuted(Shape shape, int[] axes) {
    return Shape.of(IntStream.of(axes).map(shape::dim).toArray());
  }

  // ---- constants -------------------------------------------------------------------------------

  /** A constant tensor, seen as {@code shape} and its axes then permuted; null leaves them. */
  String constant(Tensor tensor, Shape shape, int[] axes) {
    String variant = shape + Arrays.toString(axes);
    return constants
        .computeIfAbsent(tensor, t -> new HashMap<>())
        .computeIfAbsent(
            variant,
            v -> {
              Map<String, String> others = constants.get(tensor);
              String base = names.getOrDefault(tensor, "constant_" + constants.size());
              String name = others.isEmpty() ? base : base + "_" + (others.size() + 1);
              float[] data = tensor.toArray();
              if (axes == null) {
                model.initializer(name, data, longs(shape.dims()));
              } else {
                Shape to = permuted(shape, axes);
                model.initializer(name, permute(data, shape, axes), longs(to.dims()));
              }
              return name;
            });
  }

  private static float[] permute(float[] from, Shape shape, int[] axes) {
    int[] strides = shape.strides();
    Shape to = permuted(shape, axes);
    float[] result = new float[from.length];
    int[] index = new int[axes.length];
    int source = 0;
    for (int i = 0; i < result.length; i++) {
      result[i] = from[source];
      for (int k = axes.length - 1; k >= 0; k--) {
        source += strides[axes[k]];
        if (++index[k] < to.dim(k)) {
          break;
        }
        source -= strides[axes[k]] * to.dim(k);
        index[k] = 0;
      }
    }
    return result;
  }

  /** A constant number. */
  String number(double value) {
    return numbers.computeIfAbsent(
        List.of((float) value),
        key -> {
          String name = "number_" + numbers.size();
          model.initializer(name, new float[] {(float) value});
          return name;
        });
  }

  /** A constant list of integers: a shape, axes. */
  String integers(long... list) {
    return numbers.computeIfAbsent(
        List.of("integers", Arrays.toString(list)),
        key -> {
          String name = "integers_" + numbers.size();
          model.initializer(name, list, list.length);
          return name;
        });
  }

  static long[] longs(int... list) {
    return IntStream.of(list).asLongStream().toArray();
  }

  // ---- nodes -----------------------------------------------------------------------------------

  /** Adds a node with one output; returns its name. */
  String node(String type, List<String> inputs, Map<String, ?> attributes) {
    String name = type + "_" + count++;
    model.node(type, inputs, List.of(name), attributes);
    return name;
  }

  /** Adds a node without attributes. */
  String node(String type, String... inputs) {
    return node(type, List.of(inputs), Map.of());
  }

  String transpose(String name, int[] axes) {
    boolean moved = !Arrays.equals(axes, IntStream.range(0, axes.length).toArray());
    return moved ? node("Transpose", List.of(name), Map.of("perm", longs(axes))) : name;
  }

  String reshape(String name, Shape shape) {
    return node("Reshape", name, integers(longs(shape.dims())));
  }
}
