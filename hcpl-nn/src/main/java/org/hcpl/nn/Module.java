package org.hcpl.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.spi.Backend;

/**
 * A layer or a network: parameters, buffers and children under PyTorch's names, and what it
 * computes.
 *
 * <pre>{@code
 * final class Block extends Module {
 *   private final Conv2d conv = child("conv", new Conv2d(64, 64, 3, ConvOptions.DEFAULT.padding(1), false));
 *   private final BatchNorm2d bn = child("bn", new BatchNorm2d(64));
 *
 *   public Tensor forward(Tensor x) {
 *     return bn.apply(conv.apply(x)).relu().add(x);
 *   }
 * }
 * }</pre>
 *
 * <p>Parameters are zero until {@link #initialise} or {@link StateDict} fills them. A new module is
 * in training mode. Not thread-safe while training; in eval mode several threads may call {@link
 * #apply}.
 *
 * <p>While no gradients are recorded, what {@link #forward} computes on its way to its result is
 * given back when it returns. A module that puts such a tensor into a field needs {@link
 * Tensor#keep()} or {@link Tensor#persist()}.
 */
public abstract class Module {
  private static final ThreadLocal<BiConsumer<Module, Tensor>> OBSERVER = new ThreadLocal<>();

  private final Map<String, Module> children = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private String name;
  private boolean training = true;

  // ---- for subclasses --------------------------------------------------------------------------

  /** What this module computes; callers use {@link #apply}. */
  public abstract Tensor forward(Tensor x);

  /**
   * Sets the parameters of this module to their initial values. Children have done so before, so a
   * network can overrule its layers here.
   */
  protected void reset(Rng rng) {}

  /** Gives a layer that draws random numbers while training its own stream. */
  protected void reseed(Rng rng) {}

  /** Adds a module under this one; returns it. */
  protected final <M extends Module> M child(String childName, M child) {
    unused(childName);
    Module added = child;
    if (added.name != null) {
      throw new TensorException(
          "module: child '"
              + childName
              + "' of "
              + getClass().getSimpleName()
              + " is already child '"
              + added.name
              + "' of another module (expected: one parent)");
    }
    added.name = childName;
    // Layers that nobody seeds, as after loading weights, must not all draw the same numbers.
    added.seed(Rng.of(0).split(childName));
    children.put(childName, child);
    return child;
  }

  /** Adds a parameter, zero at first; {@code dims} in the order of the tensor, channels last. */
  protected final Parameter parameter(String parameterName, Layout layout, int... dims) {
    unused(parameterName);
    Parameter parameter = new Parameter(parameterName, layout, Shape.of(dims));
    parameters.put(parameterName, parameter);
    return parameter;
  }

  /** Adds a tensor that is saved with the parameters but not trained; returns it. */
  protected final Tensor buffer(String bufferName, Tensor initial) {
    unused(bufferName);
    Tensor buffer = initial.detach().persist();
    buffers.put(bufferName, buffer);
    return buffer;
  }

  /**
   * The buffer of that name, where it is now: {@link #to} may have moved it.
   *
   * @throws TensorException if there is none
   */
  protected final Tensor buffer(String bufferName) {
    Tensor buffer = buffers.get(bufferName);
    if (buffer == null) {
      throw new TensorException(
          "module: no buffer '"
              + bufferName
              + "' in "
              + getClass().getSimpleName()
              + " (expected one of: "
              + buffers.keySet()
              + ")");
    }
    return buffer;
  }

  private void unused(String newName) {
    if (newName.isEmpty() || newName.contains(".")) {
      throw new TensorException(
          "module: name '" + newName + "' (expected: not empty and without a dot)");
    }
    if (children.containsKey(newName)
        || parameters.containsKey(newName)
        || buffers.containsKey(newName)) {
      throw new TensorException(
          "module: two things named '" + newName + "' in " + getClass().getSimpleName());
    }
  }

  // ---- use -------------------------------------------------------------------------------------

  /**
   * Runs {@link #forward}.
   *
   * @throws TensorException if an operation in it fails, with the path to the layer where it did
   */
  public final Tensor apply(Tensor x) {
    Tensor output;
    try {
      output = Grad.isOn() ? forward(x) : forwardAlone(x);
    } catch (TensorException error) {
      throw at(error);
    }
    BiConsumer<Module, Tensor> observer = OBSERVER.get();
    if (observer != null) {
      observer.accept(this, output);
    }
    return output;
  }

  /** Gives back what lies between x and the result at once, so that the next module reuses it. */
  private Tensor forwardAlone(Tensor x) {
    try (Scope scope = Scope.open()) {
      return scope.handOver(forward(x));
    }
  }

  /** An error with this module's name before it. */
  final TensorException at(TensorException error) {
    return ModuleException.at(name, this, error);
  }

  /** Whether what modules compute on this thread is being looked at, one by one. */
  static boolean isObserved() {
    return OBSERVER.get() != null;
  }

  /** Ends, when closed, what {@link #observe} began. */
  public interface Observation extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Shows {@code observer} the output of every module that is applied on this thread, in the order
   * of execution, until closed; one observer a thread.
   */
  public static Observation observe(BiConsumer<Module, Tensor> observer) {
    BiConsumer<Module, Tensor> before = OBSERVER.get();
    Scope.Retention retention = Scope.retain();
    OBSERVER.set(observer);
    return () -> {
      OBSERVER.set(before);
      retention.close();
    };
  }

  /** Training mode, here and in all children: batch statistics, dropout. */
  public final void train() {
    modules().values().forEach(module -> module.training = true);
  }

  /** Evaluation mode, here and in all children. */
  public final void eval() {
    modules().values().forEach(module -> module.training = false);
  }

  /** Whether it is in training mode. */
  public final boolean isTraining() {
    return training;
  }

  /**
   * Sets every parameter to its initial value and seeds the layers that draw random numbers. Each
   * module draws from a stream of its own path, so adding a layer changes no other's values.
   * Children come before their parents, so a network's {@link #reset} may set theirs anew.
   */
  public final void initialise(Rng rng) {
    List<Map.Entry<String, Module>> found = new ArrayList<>(modules().entrySet());
    Collections.reverse(found);
    found.forEach(entry -> entry.getValue().reset(rng.split(entry.getKey())));
    seed(rng);
  }

  /**
   * Seeds dropout and the like. Called with a stream of the step's number at every step, it makes a
   * run that was interrupted go on with the same random numbers.
   */
  public final void seed(Rng rng) {
    modules().forEach((path, module) -> module.reseed(rng.split(path + "/random")));
  }

  /** Moves parameters and buffers to another backend; gradients are forgotten. */
  public final void to(Backend backend) {
    for (Module module : modules().values()) {
      module.parameters.values().forEach(parameter -> parameter.to(backend));
      module.buffers.replaceAll((key, buffer) -> buffer.to(backend).persist());
    }
  }

  /** Forgets the gradients of all parameters. */
  public final void clearGrads() {
    parameters().forEach(Parameter::clearGrad);
  }

  /** Whether training may change the parameters of this module and its children. */
  public final void requireGrad(boolean require) {
    parameters().forEach(parameter -> parameter.requireGrad(require));
  }

  // ---- content ---------------------------------------------------------------------------------

  /** The modules directly under this one, by name, in the order they were added. */
  public final Map<String, Module> children() {
    return Collections.unmodifiableMap(children);
  }

  /** This module (path "") and all under it, parents first. */
  public final Map<String, Module> modules() {
    Map<String, Module> found = new LinkedHashMap<>();
    collect("", found);
    return found;
  }

  private void collect(String path, Map<String, Module> found) {
    found.put(path, this);
    children.forEach((key, child) -> child.collect(path.isEmpty() ? key : path + "." + key, found));
  }

  /** All parameters, in state-dict order. */
  public final List<Parameter> parameters() {
    return new ArrayList<>(namedParameters().values());
  }

  /** All parameters by path, such as {@code blocks.0.0.bn1.weight}, in state-dict order. */
  public final Map<String, Parameter> namedParameters() {
    Map<String, Parameter> found = new LinkedHashMap<>();
    visit(found::put, (key, buffer) -> {});
    return found;
  }

  /** All buffers by path, in state-dict order; the tensors themselves. */
  public final Map<String, Tensor> namedBuffers() {
    Map<String, Tensor> found = new LinkedHashMap<>();
    visit((key, parameter) -> {}, found::put);
    return found;
  }

  /**
   * Visits parameters and buffers in state-dict order: of each module its parameters, then its
   * buffers, then its children.
   */
  final void visit(BiConsumer<String, Parameter> onParameter, BiConsumer<String, Tensor> onBuffer) {
    modules()
        .forEach(
            (path, module) -> {
              String prefix = path.isEmpty() ? "" : path + ".";
              module.parameters.forEach((key, p) -> onParameter.accept(prefix + key, p));
              module.buffers.forEach((key, b) -> onBuffer.accept(prefix + key, b));
            });
  }

  /** The number of values of all parameters, frozen ones included. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
  }

  /** The tree of modules, one a line, with parameter counts. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    modules()
        .forEach(
            (path, module) -> {
              long depth = path.isEmpty() ? 0 : 1 + path.chars().filter(c -> c == '.').count();
              text.append("  ".repeat((int) depth))
                  .append(path.isEmpty() ? "" : module.name + ": ")
                  .append(module.getClass().getSimpleName())
                  .append(' ')
                  .append(module.parameterCount())
                  .append('\n');
            });
    return text.toString();
  }
}
