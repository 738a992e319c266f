package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Reference numbers of single layers, losses, optimisers and schedules ({@code layers.json}):
 * inputs, outputs and gradients of {@code sum(output * gradOutput)}, all computed in float64.
 *
 * @param about what made the file
 * @param cases the cases in file order
 */
public record GoldenLayers(String about, List<Case> cases) {

  /**
   * Reads a file of layer cases.
   *
   * @throws GoldenFileException if the file is missing or of another form
   */
  public static GoldenLayers read(Path file) {
    return GoldenJson.read(
        file,
        "layer cases",
        tree ->
            new GoldenLayers(
                tree.path("about").asText(""),
                GoldenJson.list(GoldenJson.get(tree, "cases"), Case::parse)));
  }

  /** The cases of one operation such as {@code conv2d}, in file order. */
  public List<Case> cases(String op) {
    return cases.stream().filter(c -> c.op().equals(op)).toList();
  }

  /** The names of all operations, in file order. */
  public List<String> ops() {
    return cases.stream().map(Case::op).distinct().toList();
  }

  /**
   * One case. Numbers that are neither arrays nor parameters (rows of an optimiser, a table) are
   * reached through {@link #inputRows}, {@link #outputRows}, {@link #outputNumbers} and {@link
   * #outputNumber}.
   *
   * @param name such as {@code conv2d/k3s1p1}
   * @param op such as {@code conv2d}
   * @param inputs arrays by name; {@code p.NAME} is a parameter of the layer, {@code b.NAME} a
   *     buffer
   * @param outputs arrays by name, usually {@code y}
   * @param gradOutputs the weights of the outputs in the scalar that is differentiated
   * @param grads the gradients by input name
   * @param after buffers after the forward pass
   * @param extras further arrays: {@code mask}, {@code attn_mask}
   * @param note the convention that the case follows, or empty
   * @param tree the whole case, for what has no accessor
   */
  public record Case(
      String name,
      String op,
      SequencedMap<String, GoldenArray> inputs,
      SequencedMap<String, GoldenArray> outputs,
      SequencedMap<String, GoldenArray> gradOutputs,
      SequencedMap<String, GoldenArray> grads,
      SequencedMap<String, GoldenArray> after,
      SequencedMap<String, GoldenArray> extras,
      String note,
      JsonNode tree) {

    private static Case parse(JsonNode tree) {
      return new Case(
          GoldenJson.text(GoldenJson.get(tree, "name")),
          GoldenJson.text(GoldenJson.get(tree, "op")),
          arrays(tree.path("inputs")),
          arrays(tree.path("outputs")),
          arrays(tree.path("grad_outputs")),
          arrays(tree.path("grads")),
          arrays(tree.path("after")),
          arrays(tree),
          tree.path("note").asText(""),
          tree);
    }

    private static SequencedMap<String, GoldenArray> arrays(JsonNode node) {
      SequencedMap<String, GoldenArray> arrays = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (field.getValue().has("shape") && field.getValue().has("data")) {
          arrays.put(field.getKey(), GoldenJson.array(field.getValue(), "shape", "data"));
        }
      }
      return arrays;
    }

    /** The input of that name. */
    public GoldenArray input(String key) {
      return need(inputs, key, "input");
    }

    /** The output of that name. */
    public GoldenArray output(String key) {
      return need(outputs, key, "output");
    }

    /** The gradient of the input of that name. */
    public GoldenArray grad(String key) {
      return need(grads, key, "gradient");
    }

    /** The parameters of the layer: inputs named {@code p.NAME}, by NAME. */
    public SequencedMap<String, GoldenArray> parameters() {
      return prefixed("p.");
    }

    /** The buffers of the layer: inputs named {@code b.NAME}, by NAME. */
    public SequencedMap<String, GoldenArray> buffers() {
      return prefixed("b.");
    }

    private SequencedMap<String, GoldenArray> prefixed(String prefix) {
      SequencedMap<String, GoldenArray> found = new LinkedHashMap<>();
      inputs.forEach(
          (key, value) -> {
            if (key.startsWith(prefix)) {
              found.put(key.substring(prefix.length()), value);
            }
          });
      return found;
    }

    /** Whether the case states that parameter (a JSON null counts as not stated). */
    public boolean hasParam(String key) {
      return tree.path("params").hasNonNull(key);
    }

    /** An integer parameter. */
    public int intParam(String key) {
      return GoldenJson.integer(param(key));
    }

    /** A list of integers; a single integer gives a list of one. */
    public int[] intsParam(String key) {
      JsonNode node = param(key);
      return node.isArray() ? GoldenJson.integers(node) : new int[] {GoldenJson.integer(node)};
    }

    /** A number. */
    public double numberParam(String key) {
      return GoldenJson.number(param(key));
    }

    /** A list of numbers. */
    public double[] numbersParam(String key) {
      return GoldenJson.numbers(param(key));
    }

    /** A text. */
    public String textParam(String key) {
      return GoldenJson.text(param(key));
    }

    /** A truth value; false where the case does not state it. */
    public boolean flagParam(String key) {
      return tree.path("params").path(key).asBoolean(false);
    }

    /**
     * Rows of numbers among the inputs: the gradients of an optimiser case, {@code
     * [step][parameter]}.
     */
    public double[][] inputRows(String key) {
      return GoldenJson.rows(GoldenJson.get(GoldenJson.get(tree, "inputs"), key));
    }

    /** Rows of numbers among the outputs: the parameters of an optimiser case after each step. */
    public double[][] outputRows(String key) {
      return GoldenJson.rows(GoldenJson.get(GoldenJson.get(tree, "outputs"), key));
    }

    /** A list of numbers among the outputs: the learning rates of a schedule. */
    public double[] outputNumbers(String key) {
      return GoldenJson.numbers(GoldenJson.get(GoldenJson.get(tree, "outputs"), key));
    }

    /** A single number among the outputs. */
    public double outputNumber(String key) {
      return GoldenJson.number(GoldenJson.get(GoldenJson.get(tree, "outputs"), key));
    }

    /**
     * The outputs of a case that maps integers to integers: the kernel sizes of channel attention
     * by width.
     */
    public SequencedMap<Integer, Integer> outputTable() {
      SequencedMap<Integer, Integer> table = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : GoldenJson.get(tree, "outputs").properties()) {
        table.put(Integer.valueOf(field.getKey()), GoldenJson.integer(field.getValue()));
      }
      return table;
    }

    /**
     * Integers beside the parameters, such as {@code relative_position_index} or {@code
     * effective_window}.
     */
    public int[] extraIntegers(String key) {
      return GoldenJson.integers(GoldenJson.get(tree, key));
    }

    /** A list of arrays among the inputs: the gradients of a clipping case. */
    public List<GoldenArray> inputArrays(String key) {
      return arrayList("inputs", key);
    }

    /** A list of arrays among the outputs. */
    public List<GoldenArray> outputArrays(String key) {
      return arrayList("outputs", key);
    }

    private List<GoldenArray> arrayList(String part, String key) {
      List<GoldenArray> arrays = new ArrayList<>();
      GoldenJson.get(GoldenJson.get(tree, part), key)
          .forEach(n -> arrays.add(GoldenJson.array(n, "shape", "data")));
      return arrays;
    }

    private JsonNode param(String key) {
      return GoldenJson.get(GoldenJson.get(tree, "params"), key);
    }

    private GoldenArray need(Map<String, GoldenArray> arrays, String key, String kind) {
      GoldenArray array = arrays.get(key);
      if (array == null) {
        throw new IllegalArgumentException(
            name + ": no " + kind + " '" + key + "' (expected one of: " + arrays.keySet() + ")");
      }
      return array;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
