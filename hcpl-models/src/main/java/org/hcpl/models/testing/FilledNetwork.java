package org.hcpl.models.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.testing.GoldenModel;

/** A network against the state dict of a reference file: comparing the two, and filling it. */
final class FilledNetwork {
  /** One entry of a network's state dict: its shape on disk, and how to set it. */
  private record Slot(int[] shape, Consumer<float[]> set) {}

  private final Module network;
  private final Map<String, Slot> slots;

  FilledNetwork(Module network) {
    this.network = network;
    this.slots = slots(network);
  }

  Module network() {
    return network;
  }

  /** The first difference of names, order or shapes; null if there is none. */
  String difference(GoldenModel golden) {
    List<String> names = new ArrayList<>(slots.keySet());
    for (int i = 0; i < Math.max(names.size(), golden.entries().size()); i++) {
      String own = i < names.size() ? names.get(i) : "none";
      GoldenModel.Entry entry = i < golden.entries().size() ? golden.entries().get(i) : null;
      String expected = entry == null ? "none" : entry.name();
      if (!own.equals(expected)) {
        return "entry " + i + " is " + own + " (expected: " + expected + ")";
      }
      if (!Arrays.equals(slots.get(own).shape(), entry.shape())) {
        return own
            + " has shape "
            + Arrays.toString(slots.get(own).shape())
            + " (expected: "
            + Arrays.toString(entry.shape())
            + ")";
      }
    }
    return null;
  }

  /** Sets every parameter and buffer by the formula of the reference file. */
  void fill(GoldenModel golden) {
    for (GoldenModel.Entry entry : golden.entries()) {
      slots.get(entry.name()).set().accept(entry.values());
    }
  }

  /** The parameters and buffers of a network, in state-dict order. */
  private static Map<String, Slot> slots(Module network) {
    Map<String, Map<String, Slot>> byModule = new LinkedHashMap<>();
    network.namedParameters().forEach((name, p) -> put(byModule, name, slot(p)));
    network.namedBuffers().forEach((name, buffer) -> put(byModule, name, slot(buffer)));
    Map<String, Slot> ordered = new LinkedHashMap<>();
    for (String path : network.modules().keySet()) {
      ordered.putAll(byModule.getOrDefault(path, Map.of()));
    }
    return ordered;
  }

  private static void put(Map<String, Map<String, Slot>> byModule, String name, Slot slot) {
    String path = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
    byModule.computeIfAbsent(path, key -> new LinkedHashMap<>()).put(name, slot);
  }

  private static Slot slot(Parameter parameter) {
    return new Slot(
        parameter.layout().toDisk(parameter.shape()).dims(),
        values ->
            parameter.set(
                Tensor.of(
                    parameter.layout().fromDisk(values, parameter.shape()), parameter.shape())));
  }

  private static Slot slot(Tensor buffer) {
    return new Slot(buffer.shape().dims(), buffer::copyFrom);
  }
}
