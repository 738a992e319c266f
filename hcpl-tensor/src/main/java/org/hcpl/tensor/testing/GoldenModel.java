package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The architecture of a network ({@code models/KEY.arch.json}): its state dict with the formula
 * that fills it, its modules and its counts.
 *
 * @param key the key of the file, such as {@code efficientnet_b0} or {@code
 *     swin_tiny_patch4_window7_224@w3_96}
 * @param registryName the name in timm's registry
 * @param options numbers that the constructor takes besides (window size, image size); often empty
 * @param inputChannels channels of the input
 * @param classes number of outputs
 * @param nativeSize height and width that the network was made for
 * @param parameters number of trainable numbers
 * @param publishedParameters the same with 3 input channels and 1000 classes, as publications count
 * @param stateElements all numbers of the state dict, counters included
 * @param macs multiply-accumulates of one image, by {@code HxW}
 * @param fill number, sum and sum of magnitudes of all filled values
 * @param entries the state dict in order
 * @param modules the modules in order
 */
public record GoldenModel(
    String key,
    String registryName,
    Map<String, Double> options,
    int inputChannels,
    int classes,
    int[] nativeSize,
    long parameters,
    long publishedParameters,
    long stateElements,
    SequencedMap<String, Long> macs,
    FillChecksum fill,
    List<Entry> entries,
    List<ModuleInfo> modules) {

  /**
   * Reads an architecture.
   *
   * @throws GoldenFileException if the file is missing or of another form
   */
  public static GoldenModel read(Path file) {
    return GoldenJson.read(file, "a model's architecture", GoldenModel::parse);
  }

  private static GoldenModel parse(JsonNode tree) {
    SequencedMap<String, Long> macs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : GoldenJson.get(tree, "macs_batch1").properties()) {
      macs.put(field.getKey(), field.getValue().longValue());
    }
    JsonNode fill = GoldenJson.get(tree, "fill_checksum");
    return new GoldenModel(
        GoldenJson.text(GoldenJson.get(tree, "model")),
        GoldenJson.text(GoldenJson.get(tree, "timm_name")),
        options(tree),
        GoldenJson.integer(GoldenJson.get(tree, "in_chans")),
        GoldenJson.integer(GoldenJson.get(tree, "num_classes")),
        GoldenJson.integers(GoldenJson.get(tree, "native")),
        GoldenJson.get(tree, "parameters").longValue(),
        GoldenJson.get(tree, "parameters_3ch_1000cls").longValue(),
        GoldenJson.get(tree, "state_dict_elements").longValue(),
        macs,
        new FillChecksum(
            GoldenJson.get(fill, "values").longValue(),
            GoldenJson.number(GoldenJson.get(fill, "sum")),
            GoldenJson.number(GoldenJson.get(fill, "abs_sum"))),
        GoldenJson.list(GoldenJson.get(tree, "entries"), Entry::parse),
        GoldenJson.list(GoldenJson.get(tree, "modules"), ModuleInfo::parse));
  }

  /** The constructor options of a model file that are numbers. */
  static Map<String, Double> options(JsonNode tree) {
    SequencedMap<String, Double> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : tree.path("kwargs").properties()) {
      options.put(field.getKey(), GoldenJson.number(field.getValue()));
    }
    return options;
  }

  /**
   * All filled values by state-dict name, in order, without the counters; about 4 bytes a
   * parameter.
   */
  public SequencedMap<String, float[]> fillAll() {
    SequencedMap<String, float[]> filled = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (!entry.isCounter()) {
        filled.put(entry.name(), entry.values());
      }
    }
    return filled;
  }

  /** Number, sum (9 significant digits) and sum of magnitudes (12) of the filled values. */
  public record FillChecksum(long values, double sum, double absSum) {}

  /**
   * One entry of the state dict.
   *
   * @param name PyTorch's name
   * @param shape PyTorch's shape (convolutions OIHW)
   * @param kind such as {@code conv_weight}, {@code norm_bias}, {@code running_var}; {@code
   *     counter} for a step counter
   * @param offset the constant of the fill formula; 0 for counters
   * @param scale the factor of the fill formula; 0 for counters
   */
  public record Entry(String name, int[] shape, String kind, double offset, double scale) {
    private static Entry parse(JsonNode row) {
      String kind = GoldenJson.text(GoldenJson.get(row, 2));
      boolean filled = row.size() >= 5 && !row.get(3).isNull();
      if (!filled && !kind.equals("counter")) {
        throw new IllegalArgumentException(
            "an entry has no offset and scale: " + GoldenJson.brief(row));
      }
      return new Entry(
          GoldenJson.text(GoldenJson.get(row, 0)),
          GoldenJson.integers(GoldenJson.get(row, 1)),
          kind,
          filled ? GoldenJson.number(row.get(3)) : 0,
          filled ? GoldenJson.number(row.get(4)) : 0);
    }

    /** Whether this is an integer counter, which is not filled and starts at 0. */
    public boolean isCounter() {
      return kind.equals("counter");
    }

    /**
     * Whether training changes it by its gradient: everything but running statistics and counters.
     */
    public boolean isTrainable() {
      return !isCounter() && !kind.startsWith("running_");
    }

    /** The number of values. */
    public int elements() {
      int count = 1;
      for (int size : shape) {
        count = Math.multiplyExact(count, size);
      }
      return count;
    }

    /** The values of the fill formula, row-major in PyTorch's order; zeros for a counter. */
    public float[] values() {
      return GoldenFill.parameter(name, elements(), offset, scale);
    }
  }

  /**
   * One module of the network.
   *
   * @param name PyTorch's path
   * @param type timm's class
   * @param facts its settings: kernel {@code k}, stride {@code s}, padding {@code p}, dilation
   *     {@code d}, groups {@code g}, {@code bias}, {@code eps}, {@code mom} and so on; a value is a
   *     Double, a String or an int[]
   */
  public record ModuleInfo(String name, String type, Map<String, Object> facts) {
    private static ModuleInfo parse(JsonNode row) {
      Map<String, Object> facts = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : GoldenJson.get(row, 2).properties()) {
        JsonNode value = field.getValue();
        Object fact =
            value.isArray()
                ? GoldenJson.integers(value)
                : value.isTextual() ? value.textValue() : number(value);
        facts.put(field.getKey(), fact);
      }
      return new ModuleInfo(
          GoldenJson.text(GoldenJson.get(row, 0)), GoldenJson.text(GoldenJson.get(row, 1)), facts);
    }

    private static Object number(JsonNode value) {
      return value.isBoolean()
          ? (Object) (value.booleanValue() ? 1.0 : 0.0)
          : (Object) GoldenJson.number(value);
    }
  }
}
