package org.hcpl.models;

import static org.hcpl.tensor.io.Words.count;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hcpl.models.classic.GapNetPl;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.CorrelationGate;
import org.hcpl.nn.LoadReport;
import org.hcpl.nn.Module;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.Safetensors;
import org.hcpl.tensor.io.WeightFileException;

/**
 * A trained network with all that is needed to use it: a safetensors file whose metadata describe
 * it. Weights have PyTorch's names and layout, so that other tools read them, too. Reading one runs
 * no code from it.
 */
public final class ModelFile {
  private static final String KEY = "hcpl";

  /** Pixels; what {@code hcpl train} takes, and enough for every network known. */
  private static final int MAX_SIDE = 4096;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final String HELP = "\nhelp: use the file that training wrote, unchanged";

  private ModelFile() {}

  /**
   * What a network is and what it wants.
   *
   * @param model registered name, such as {@code cla:efficientnet_b0}
   * @param inputChannels channels that it takes
   * @param classes names of its outputs, in order
   * @param side height and width of its input in pixels
   * @param exclusive whether a cell has one class (softmax) or any number (a sigmoid each)
   * @param contrast what is done to the brightness of a cell
   * @param thresholds probability from which a class counts as present, chosen on training data;
   *     empty for 0.5
   * @param provenance where it comes from: version, data, seed, date, score
   * @param preprocessing which channels it takes and what happens to them before all else
   * @param correlations of the image and cell streams of a DSA, one a class, for {@link
   *     CorrelationGate}; empty to fuse every class by the product
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Description(
      String model,
      int inputChannels,
      List<String> classes,
      int side,
      boolean exclusive,
      Contrast contrast,
      List<Double> thresholds,
      Map<String, String> provenance,
      Preprocessing preprocessing,
      List<Double> correlations) {
    /** With the usual preprocessing, and product fusion where it is a DSA. */
    public Description(
        String model,
        int inputChannels,
        List<String> classes,
        int side,
        boolean exclusive,
        Contrast contrast,
        List<Double> thresholds,
        Map<String, String> provenance) {
      this(
          model,
          inputChannels,
          classes,
          side,
          exclusive,
          contrast,
          thresholds,
          provenance,
          null,
          null);
    }

    public Description {
      if (model == null
          || classes == null
          || classes.isEmpty()
          || inputChannels < 1
          || side < 1
          || side > MAX_SIDE) {
        throw new ModelException(
            "model description: model "
                + model
                + ", "
                + count(inputChannels, "channel")
                + ", "
                + count(classes == null ? 0 : classes.size(), "class", "classes")
                + ", side "
                + side
                + " (expected: all of them, the side at most "
                + MAX_SIDE
                + ")");
      }
      if (classes.stream().anyMatch(Objects::isNull)
          || !areNumbers(thresholds)
          || !areNumbers(correlations)) {
        throw new ModelException(
            "model description: classes "
                + classes
                + ", thresholds "
                + thresholds
                + ", correlations "
                + correlations
                + " (expected: names and numbers)");
      }
      classes = List.copyOf(classes);
      contrast = contrast == null ? Contrast.AS_IS : contrast;
      thresholds = thresholds == null ? List.of() : List.copyOf(thresholds);
      provenance =
          provenance == null
              ? Map.of()
              : Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
      if (!thresholds.isEmpty() && thresholds.size() != classes.size()) {
        throw new ModelException(
            "model description: "
                + count(thresholds.size(), "threshold")
                + " for "
                + count(classes.size(), "class", "classes")
                + " (expected: one a class, or none)");
      }
      correlations = correlations == null ? List.of() : List.copyOf(correlations);
      if (!correlations.isEmpty() && correlations.size() != classes.size()) {
        throw new ModelException(
            "model description: "
                + count(correlations.size(), "correlation")
                + " for "
                + count(classes.size(), "class", "classes")
                + " (expected: one a class, or none)");
      }
      preprocessing = preprocessing == null ? Preprocessing.usual(inputChannels) : preprocessing;
      if (preprocessing.channels().size() != inputChannels) {
        throw new ModelException(
            "model description: channels "
                + preprocessing.channels()
                + " for a network of "
                + inputChannels
                + " input channels (expected: as many)");
      }
    }

    /** The same with a threshold for each class. */
    public Description thresholds(double[] values) {
      return new Description(
          model,
          inputChannels,
          classes,
          side,
          exclusive,
          contrast,
          Arrays.stream(values).boxed().toList(),
          provenance,
          preprocessing,
          correlations);
    }

    /** The same with the correlations of a DSA's streams, one a class; see {@link #gate}. */
    public Description correlations(double[] values) {
      return new Description(
          model,
          inputChannels,
          classes,
          side,
          exclusive,
          contrast,
          thresholds,
          provenance,
          preprocessing,
          Arrays.stream(values).boxed().toList());
    }

    /** The same with another provenance. */
    public Description provenance(Map<String, String> values) {
      return new Description(
          model,
          inputChannels,
          classes,
          side,
          exclusive,
          contrast,
          thresholds,
          values,
          preprocessing,
          correlations);
    }

    private static boolean areNumbers(List<Double> values) {
      return values == null
          || values.stream().allMatch(value -> value != null && Double.isFinite(value));
    }

    /** How the two streams of a DSA are fused: by the paper's threshold, or all by the product. */
    public CorrelationGate gate() {
      return correlations.isEmpty()
          ? CorrelationGate.productOf(classes.size())
          : CorrelationGate.of(
              correlations.stream().mapToDouble(Double::doubleValue).toArray(),
              CorrelationGate.PAPER_THRESHOLD);
    }

    /** The probability from which class {@code c} counts as present. */
    public double threshold(int c) {
      return thresholds.isEmpty() ? 0.5 : thresholds.get(c);
    }
  }

  /** A network in evaluation mode and its description. */
  public record Loaded(Description description, Module network) {}

  /**
   * Writes a network, as a whole or not at all.
   *
   * @throws WeightFileException if the file cannot be written; the old one is then unchanged
   */
  public static void save(Path file, Description description, Module network) {
    try {
      StateDict.save(network, file, Map.of(KEY, JSON.writeValueAsString(description)));
    } catch (JsonProcessingException e) {
      throw new ModelException(
          file + ": description cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a network.
   *
   * @param file what {@link #save} wrote; or a file of GapNet-PL's TensorFlow checkpoint, or the
   *     folder that holds it
   * @throws ModelException if the file is none of ours, is damaged, or its weights do not fit its
   *     description
   */
  public static Loaded load(Path file) {
    Optional<Path> checkpoint = GapNetPl.checkpoint(file);
    if (checkpoint.isPresent()) {
      return GapNetPl.open(checkpoint.get());
    }
    Description description = describe(file);
    Module network;
    try {
      network =
          Models.create(
              description.model(), description.inputChannels(), description.classes().size());
    } catch (ModelException e) {
      throw new ModelException(file + ": " + e.getMessage() + HELP, e);
    }
    LoadReport report;
    try {
      report = StateDict.load(network, file, StateDict.Mode.LENIENT);
    } catch (TensorException | WeightFileException e) {
      throw new ModelException(file + ": weights cannot be read: " + e.getMessage(), e);
    }
    if (!report.complete()) {
      throw new ModelException(
          file + ": its weights are not those of " + description.model() + ": " + report + HELP);
    }
    network
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              for (float weight : parameter.value().toArray()) {
                if (!Float.isFinite(weight)) {
                  throw new ModelException(
                      file + ": weight " + weight + " in " + name + " (expected: numbers)" + HELP);
                }
              }
            });
    network.eval();
    return new Loaded(description, network);
  }

  /**
   * Reads the description alone.
   *
   * @throws ModelException if the file is none of ours, or damaged
   */
  public static Description describe(Path file) {
    if (GapNetPl.checkpoint(file).isPresent()) {
      return GapNetPl.DESCRIPTION;
    }
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          file
              + (Files.isDirectory(file) ? ": is a folder" : ": no such file")
              + " (expected: a model file, as hcpl train writes it)"
              + (Files.isRegularFile(file.resolve("model.safetensors"))
                  ? "\nhelp: give " + file.resolve("model.safetensors")
                  : ""));
    }
    Safetensors stored;
    try {
      stored = Safetensors.open(file);
    } catch (TensorException | WeightFileException e) {
      throw new ModelException(
          file
              + ": not a model file: "
              + e.getMessage()
              + "\nhelp: give the model.safetensors that hcpl train wrote",
          e);
    }
    String json = stored.metadata().get(KEY);
    if (json == null) {
      throw new ModelException(
          file
              + ": weights without a description (expected: a model file)\nhelp: give the model.safetensors that hcpl train wrote");
    }
    try {
      Description description = JSON.readValue(json, Description.class);
      if (description == null) {
        throw new ModelException(file + ": damaged description: null" + HELP);
      }
      return description;
    } catch (JsonProcessingException e) {
      String reason =
          e.getCause() instanceof ModelException cause
              ? cause.getMessage()
              : e.getOriginalMessage();
      throw new ModelException(file + ": damaged description: " + reason + HELP, e);
    }
  }
}
