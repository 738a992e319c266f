package org.hcpl.nn.optim;

import static org.hcpl.tensor.io.Words.count;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.nn.Parameter;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.spi.HostBuffer;
import org.hcpl.tensor.spi.Span;

/**
 * Changes parameters by their gradients. Everything that a run needs to go on with the same bits is
 * in {@link #state()}: the count of steps and float32 arrays a parameter.
 *
 * <pre>{@code
 * optimizer.setLearningRate(schedule.at(epoch));
 * model.clearGrads();
 * loss.backward();
 * optimizer.step();
 * }</pre>
 */
public abstract class Optimizer {
  private static final String STEP = "step";

  /** Elements that are worth a thread: some microseconds of work. */
  private static final int GRAIN = 1 << 13;

  private final Map<String, Parameter> parameters;
  private final Map<String, Map<String, float[]>> slots = new LinkedHashMap<>();
  private final Map<String, Integer> stepsOf = new HashMap<>();
  private double learningRate;
  private int steps;

  /**
   * @param parameters by name, as {@code module.namedParameters()} gives them
   */
  protected Optimizer(Map<String, Parameter> parameters, double learningRate) {
    this.parameters = new LinkedHashMap<>(parameters);
    setLearningRate(learningRate);
  }

  /**
   * Updates the values of one parameter in place; {@link #elements} spreads the loop over cores.
   *
   * @param step 1 at the first step of this parameter, as in PyTorch: one that gets its first
   *     gradient late, after it was frozen, begins then
   */
  protected abstract void update(
      String name, Parameter parameter, Span values, Span gradient, int step);

  /** Runs a loop over 0..n-1 in ranges on all cores; elements must not depend on one another. */
  protected static void elements(int n, Parallel.RangeBody body) {
    Parallel.forRange(n, GRAIN, body);
  }

  /**
   * An array that stays with a parameter from step to step, zero at first.
   *
   * @param slot what it is for, such as {@code exp_avg}
   */
  protected final float[] slot(String slot, String name) {
    return slots
        .computeIfAbsent(slot, key -> new LinkedHashMap<>())
        .computeIfAbsent(name, key -> new float[parameters.get(key).shape().size()]);
  }

  /** One step; parameters without a gradient, and frozen ones, stay as they are. */
  public final void step() {
    steps++;
    parameters.forEach(
        (name, parameter) -> {
          Tensor gradient = parameter.grad();
          if (gradient == null || !parameter.value().requiresGrad()) {
            return;
          }
          int step = stepsOf.merge(name, 1, Integer::sum);
          Tensor value = parameter.value();
          if (value.buffer() instanceof HostBuffer && gradient.buffer() instanceof HostBuffer) {
            update(name, parameter, Span.writable(value), Span.of(gradient), step);
          } else {
            Span values = copy(value);
            update(name, parameter, values, copy(gradient), step);
            value.copyFrom(values.array());
          }
        });
  }

  /** The values on the host, from a backend whose memory Java cannot see. */
  private static Span copy(Tensor tensor) {
    return new Span(tensor.toArray(), 0, tensor.shape());
  }

  /** Forgets the gradients of all parameters. */
  public final void clearGrads() {
    parameters.values().forEach(Parameter::clearGrad);
  }

  public final double learningRate() {
    return learningRate;
  }

  /** Sets the rate of the next steps; not part of the state, as schedules compute it. */
  public final void setLearningRate(double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new TensorException("optimizer: learning rate " + rate + " (expected: >= 0)");
    }
    learningRate = rate;
  }

  /** How many steps were made. */
  public final int steps() {
    return steps;
  }

  /** The parameters, by name. */
  public final List<String> names() {
    return new ArrayList<>(parameters.keySet());
  }

  /**
   * Copies of all state: {@code step}, {@code step/PARAMETER} for those that were not in every
   * step, then {@code SLOT/PARAMETER}, flat.
   */
  public final List<NamedArray> state() {
    List<NamedArray> arrays = new ArrayList<>();
    arrays.add(counter(STEP, steps));
    parameters.forEach(
        (name, parameter) -> {
          int own = stepsOf.getOrDefault(name, 0);
          if (own != steps) {
            arrays.add(counter(STEP + "/" + name, own));
          }
        });
    slots.forEach(
        (slot, byName) ->
            byName.forEach(
                (name, values) ->
                    arrays.add(
                        new NamedArray(
                            slot + "/" + name, new int[] {values.length}, values.clone()))));
    return arrays;
  }

  /** In two halves, since a float holds whole numbers up to 2^24 only. */
  private static NamedArray counter(String name, int count) {
    return new NamedArray(name, new int[] {2}, new float[] {count >>> 16, count & 0xffff});
  }

  private static int counted(NamedArray array) {
    return ((int) array.values()[0] << 16) + (int) array.values()[1];
  }

  /**
   * Puts back what {@link #state()} gave.
   *
   * @throws TensorException if an array belongs to no parameter of this optimiser or has another
   *     size; nothing is changed then
   */
  public final void loadState(Iterable<NamedArray> state) {
    Map<String, Map<String, float[]>> loaded = new LinkedHashMap<>();
    Map<String, Integer> loadedStepsOf = new HashMap<>();
    int loadedSteps = -1;
    for (NamedArray array : state) {
      if (array.name().equals(STEP) && array.values().length == 2) {
        loadedSteps = counted(array);
        continue;
      }
      int slash = array.name().indexOf('/');
      String name = array.name().substring(slash + 1);
      Parameter parameter = slash < 0 ? null : parameters.get(name);
      boolean isCount = array.name().startsWith(STEP + "/") && array.values().length == 2;
      if (parameter != null && isCount) {
        loadedStepsOf.put(name, counted(array));
        continue;
      }
      if (parameter == null || parameter.shape().size() != array.values().length) {
        throw new TensorException(
            "optimizer: state '"
                + array.name()
                + "' of "
                + count(array.values().length, "value")
                + " (expected: "
                + (parameter == null
                    ? "SLOT/PARAMETER of this optimiser"
                    : count(parameter.shape().size(), "value"))
                + ")\nhelp: build the model and the optimiser as they were saved");
      }
      loaded
          .computeIfAbsent(array.name().substring(0, slash), key -> new LinkedHashMap<>())
          .put(name, array.values().clone());
    }
    if (loadedSteps < 0) {
      throw new TensorException("optimizer: state without 'step' (expected: what state() gave)");
    }
    slots.clear();
    slots.putAll(loaded);
    steps = loadedSteps;
    stepsOf.clear();
    parameters.keySet().forEach(name -> stepsOf.put(name, loadedStepsOf.getOrDefault(name, steps)));
  }
}
