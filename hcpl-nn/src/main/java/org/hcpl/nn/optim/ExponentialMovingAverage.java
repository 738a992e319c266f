package org.hcpl.nn.optim;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.NamedArray;

/**
 * A running average of a module's parameters and buffers, which often predicts better than the last
 * weights: {@code average = decay * average + (1 - decay) * now} after each step. The averages are
 * in Java's memory; the module may move to another backend in between.
 */
public final class ExponentialMovingAverage {
  private final Module module;
  private final Map<String, float[]> averages = new LinkedHashMap<>();
  private final double decay;

  /** Begins with the values as they are. */
  public ExponentialMovingAverage(Module module, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new TensorException("average: decay " + decay + " (expected: 0 <= decay < 1)");
    }
    this.decay = decay;
    this.module = module;
    tracked().forEach((name, tensor) -> averages.put(name, tensor.toArray()));
  }

  /** The values as they are now, on whatever backend: a module that moves gets other tensors. */
  private Map<String, Tensor> tracked() {
    Map<String, Tensor> tracked = new LinkedHashMap<>();
    module.namedParameters().forEach((name, parameter) -> tracked.put(name, parameter.value()));
    tracked.putAll(module.namedBuffers());
    return tracked;
  }

  /** Takes the values as they are now into the average; call after each step. */
  public void update() {
    update(decay);
  }

  /**
   * The same with a decay that rises to the full one, {@code min(decay, (1 + step) / (10 + step))},
   * so that the beginning is soon forgotten: running statistics of batch norm begin far from where
   * they belong.
   *
   * @param step number of this step, from 0 on
   */
  public void update(long step) {
    update(Math.min(decay, (1.0 + step) / (10.0 + step)));
  }

  private void update(double decayNow) {
    tracked()
        .forEach(
            (name, tensor) -> {
              float[] now = tensor.toArray();
              float[] average = averages.get(name);
              for (int i = 0; i < now.length; i++) {
                average[i] = (float) (decayNow * average[i] + (1 - decayNow) * now[i]);
              }
            });
  }

  /**
   * Exchanges the module's values with the averages: call once to evaluate with the averages, and
   * again to train on.
   */
  public void swap() {
    tracked()
        .forEach(
            (name, tensor) -> {
              float[] now = tensor.toArray();
              tensor.copyFrom(averages.get(name));
              averages.put(name, now);
            });
  }

  /** Copies of the averages by the names of parameters and buffers, flat. */
  public List<NamedArray> state() {
    List<NamedArray> arrays = new ArrayList<>();
    averages.forEach(
        (name, values) ->
            arrays.add(new NamedArray(name, new int[] {values.length}, values.clone())));
    return arrays;
  }

  /** Puts back what {@link #state()} gave. */
  public void loadState(Iterable<NamedArray> state) {
    Map<String, float[]> loaded = new LinkedHashMap<>();
    for (NamedArray array : state) {
      loaded.put(array.name(), array.values().clone());
    }
    averages.forEach(
        (name, values) -> {
          float[] found = loaded.get(name);
          if (found == null || found.length != values.length) {
            throw new TensorException(
                "average: "
                    + (found == null ? "no values" : count(found.length, "value"))
                    + " for '"
                    + name
                    + "' (expected: "
                    + values.length
                    + ")");
          }
        });
    averages.replaceAll((name, values) -> loaded.get(name));
  }
}
