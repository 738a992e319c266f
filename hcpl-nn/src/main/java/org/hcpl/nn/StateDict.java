package org.hcpl.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.io.Safetensors;

/**
 * The parameters and buffers of a module as named arrays in PyTorch's names, order and layout, and
 * as safetensors files.
 */
public final class StateDict {
  private StateDict() {}

  /** What becomes of entries that do not fit. */
  public enum Mode {
    /** Any of them is an error, and nothing is changed. */
    STRICT,
    /** What fits is loaded, the rest is reported. */
    LENIENT
  }

  /** Copies of all parameters and buffers, in state-dict order. */
  public static Map<String, NamedArray> of(Module module) {
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    entries(module).forEach((name, entry) -> arrays.put(name, entry.save(name)));
    return arrays;
  }

  /**
   * Loads from arrays by name.
   *
   * @throws TensorException in strict mode, if anything does not fit; the message lists it
   */
  public static LoadReport load(Module module, Map<String, NamedArray> arrays, Mode mode) {
    Map<String, Entry> entries = entries(module);
    List<String> missing = new ArrayList<>();
    List<LoadReport.Misfit> misfits = new ArrayList<>();
    List<String> loaded = new ArrayList<>();
    entries.forEach(
        (name, entry) -> {
          NamedArray array = arrays.get(name);
          if (array == null) {
            missing.add(name);
          } else if (!Arrays.equals(array.shape(), entry.diskShape().dims())) {
            misfits.add(new LoadReport.Misfit(name, Shape.of(array.shape()), entry.diskShape()));
          } else {
            loaded.add(name);
          }
        });
    Set<String> unexpected = new LinkedHashSet<>(arrays.keySet());
    unexpected.removeAll(entries.keySet());
    LoadReport report = new LoadReport(loaded, missing, new ArrayList<>(unexpected), misfits);
    if (mode == Mode.STRICT && !report.complete()) {
      throw new TensorException(
          "load: weights do not fit "
              + module.getClass().getSimpleName()
              + ": "
              + report
              + "\nhelp: load with Mode.LENIENT to take what fits");
    }
    loaded.forEach(name -> entries.get(name).load(arrays.get(name)));
    return report;
  }

  /** Loads a safetensors file. */
  public static LoadReport load(Module module, Path file, Mode mode) {
    return load(module, byName(Safetensors.open(file).readAll()), mode);
  }

  /** Writes a safetensors file; metadata are free texts kept in it. */
  public static void save(Module module, Path file, Map<String, String> metadata) {
    Safetensors.write(file, of(module).values(), metadata);
  }

  /** Arrays by their names. */
  public static Map<String, NamedArray> byName(Collection<NamedArray> arrays) {
    Map<String, NamedArray> named = new LinkedHashMap<>();
    arrays.forEach(array -> named.put(array.name(), array));
    return named;
  }

  private static Map<String, Entry> entries(Module module) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    module.visit(
        (name, parameter) -> entries.put(name, new Entry(parameter.value(), parameter.layout())),
        (name, buffer) -> entries.put(name, new Entry(buffer, Layout.PLAIN)));
    return entries;
  }

  private record Entry(Tensor tensor, Layout layout) {
    Shape diskShape() {
      return layout.toDisk(tensor.shape());
    }

    NamedArray save(String name) {
      return new NamedArray(
          name, diskShape().dims(), layout.toDisk(tensor.toArray(), tensor.shape()));
    }

    void load(NamedArray array) {
      tensor.copyFrom(layout.fromDisk(array.values(), tensor.shape()));
    }
  }
}
