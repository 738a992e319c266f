package org.hcpl.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.optim.ExponentialMovingAverage;
import org.hcpl.nn.optim.Optimizer;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.Safetensors;
import org.hcpl.tensor.io.WeightFileException;
import org.hcpl.train.data.CellStore;

/**
 * What a run needs to go on with the same bits: weights, optimiser, running average, best weights
 * so far, and where it stood. One file, {@code checkpoint.safetensors}, replaced as a whole, so
 * that a kill at any moment leaves the one before.
 */
final class Checkpoint {
  static final String FILE = "checkpoint.safetensors";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Module network;
  private final Optimizer optimizer;
  private final ExponentialMovingAverage average;
  private final String fingerprint;
  private Map<String, float[]> best = Map.of();
  private int epoch;
  private int step;
  private double lossSum;
  private long seen;
  private List<Trainer.Epoch> history = List.of();

  private Checkpoint(
      Path file,
      Module network,
      Optimizer optimizer,
      ExponentialMovingAverage average,
      String fingerprint) {
    this.file = file;
    this.network = network;
    this.optimizer = optimizer;
    this.average = average;
    this.fingerprint = fingerprint;
  }

  /** Puts back what the folder's checkpoint holds, if it has one of this very run. */
  static Checkpoint open(
      Path folder,
      String model,
      Module network,
      Optimizer optimizer,
      ExponentialMovingAverage average,
      TrainingOptions options,
      CellStore cells) {
    // At once: a folder that cannot be made must not show after an epoch of work.
    if (folder != null) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new ModelException(folder + ": cannot be made: " + FileErrors.reason(e), e);
      }
    }
    Path file = folder == null ? null : folder.resolve(FILE);
    Checkpoint checkpoint =
        new Checkpoint(
            file, network, optimizer, average, fingerprint(model, network, options, cells));
    if (file != null && Files.exists(file)) {
      checkpoint.load();
    }
    return checkpoint;
  }

  int epoch() {
    return epoch;
  }

  /** The next step of {@link #epoch()}; asked once, since later epochs begin at 0. */
  int step() {
    int first = step;
    step = 0;
    return first;
  }

  double lossSum() {
    double first = lossSum;
    lossSum = 0;
    return first;
  }

  long seen() {
    long first = seen;
    seen = 0;
    return first;
  }

  List<Trainer.Epoch> history() {
    return history;
  }

  /** Remembers the weights, or their running average, as the best so far. */
  void keepBest(ExponentialMovingAverage of) {
    Map<String, float[]> values = new LinkedHashMap<>();
    if (of == null) {
      tensors().forEach((name, tensor) -> values.put(name, tensor.toArray()));
    } else {
      of.state().forEach(array -> values.put(array.name(), array.values()));
    }
    best = values;
  }

  /** Gives the network the best weights. */
  void restoreBest() {
    tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = best.get(name);
              if (values != null) {
                tensor.copyFrom(values);
              }
            });
  }

  void save(int nextEpoch, int nextStep, double loss, long cells, List<Trainer.Epoch> epochs) {
    if (file == null) {
      return;
    }
    List<NamedArray> arrays = new ArrayList<>();
    tensors().forEach((name, tensor) -> arrays.add(flat("network." + name, tensor.toArray())));
    optimizer
        .state()
        .forEach(array -> arrays.add(flat("optimizer." + array.name(), array.values())));
    if (average != null) {
      average.state().forEach(array -> arrays.add(flat("average." + array.name(), array.values())));
    }
    best.forEach((name, values) -> arrays.add(flat("best." + name, values)));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("fingerprint", fingerprint);
    metadata.put("epoch", Integer.toString(nextEpoch));
    metadata.put("step", Integer.toString(nextStep));
    metadata.put("lossSum", Double.toString(loss));
    metadata.put("seen", Long.toString(cells));
    try {
      metadata.put("history", JSON.writeValueAsString(epochs));
    } catch (JsonProcessingException e) {
      throw new TensorException("checkpoint: " + e.getOriginalMessage(), e);
    }
    Safetensors.write(file, arrays, metadata);
  }

  private void load() {
    Safetensors stored;
    try {
      stored = Safetensors.open(file);
    } catch (WeightFileException e) {
      throw damaged(e);
    }
    Map<String, String> metadata = stored.metadata();
    if (!fingerprint.equals(metadata.get("fingerprint"))) {
      throw new TensorException(
          file
              + ": checkpoint of another run: "
              + metadata.getOrDefault("fingerprint", "no fingerprint")
              + " (expected: "
              + fingerprint
              + ")\nhelp: choose another output folder, or delete the file to start anew");
    }
    try {
      restore(stored);
    } catch (JsonProcessingException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private TensorException damaged(Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new TensorException(
        file + ": damaged checkpoint: " + reason + "\nhelp: delete it to start anew", e);
  }

  private void restore(Safetensors stored) throws JsonProcessingException {
    Map<String, List<NamedArray>> groups = new HashMap<>();
    for (NamedArray array : stored.readAll()) {
      String[] name = array.name().split("\\.", 2);
      groups
          .computeIfAbsent(name[0], key -> new ArrayList<>())
          .add(flat(name[name.length - 1], array.values()));
    }
    Map<String, float[]> weights = byName(groups.get("network"));
    Map<String, Tensor> tensors = tensors();
    if (!weights.keySet().equals(tensors.keySet())) {
      throw new TensorException("it lacks weights of the network, or has others");
    }
    tensors.forEach((name, tensor) -> tensor.copyFrom(weights.get(name)));
    optimizer.loadState(groups.getOrDefault("optimizer", List.of()));
    if (average != null) {
      average.loadState(groups.getOrDefault("average", List.of()));
    }
    best = byName(groups.get("best"));
    Map<String, String> metadata = stored.metadata();
    epoch = Integer.parseInt(metadata.get("epoch"));
    step = Integer.parseInt(metadata.get("step"));
    lossSum = Double.parseDouble(metadata.get("lossSum"));
    seen = Long.parseLong(metadata.get("seen"));
    history = JSON.readValue(metadata.get("history"), new TypeReference<List<Trainer.Epoch>>() {});
  }

  private static Map<String, float[]> byName(List<NamedArray> arrays) {
    Map<String, float[]> values = new LinkedHashMap<>();
    if (arrays != null) {
      arrays.forEach(array -> values.put(array.name(), array.values()));
    }
    return values;
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : network.namedParameters().entrySet()) {
      all.put(entry.getKey(), entry.getValue().value());
    }
    all.putAll(network.namedBuffers());
    return all;
  }

  private static NamedArray flat(String name, float[] values) {
    return new NamedArray(name, new int[] {values.length}, values);
  }

  /** What must be the same for a run to go on: the network, the options and the data. */
  private static String fingerprint(
      String model, Module network, TrainingOptions options, CellStore cells) {
    return model
        + " with "
        + network.parameterCount()
        + " parameters, "
        + cells.size()
        + " cells ("
        + cells.checksum()
        + "), "
        + options;
  }
}
