package org.hcpl.models.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.hcpl.models.ModelException;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Dispatch;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Primitive;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.spi.Buffer;

/**
 * What a network does to one input, as a list of operations that ONNX has a form for. An operation
 * without one is replaced by its definition; operations on constants alone are left out, since
 * their results are there.
 */
final class OnnxTrace {
  /** Whether an operation has a form in ONNX on these inputs. */
  interface Known {
    boolean test(Op op, List<Tensor> inputs, OnnxTrace trace);
  }

  /** One operation. */
  record Step(Op op, List<Tensor> inputs, Tensor output) {}

  private record Depth(Step step, int depth) {}

  /** Where a tensor's values are: a view without history is another object with the same place. */
  private record Place(Buffer buffer, int offset, Shape shape) {
    static Place of(Tensor tensor) {
      return new Place(tensor.buffer(), tensor.offset(), tensor.shape());
    }
  }

  private final Known known;
  private final Set<Tensor> computed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Place> places = new HashSet<>();
  private final IdentityHashMap<Tensor, Tensor> same = new IdentityHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final Tensor output;

  /** Runs the module on {@code input} and notes what it does. */
  OnnxTrace(Module module, Tensor input, Known known) {
    this.known = known;
    note(input);
    List<Step> found = new ArrayList<>();
    output = observe(() -> module.apply(input), found);
    expand(found);
  }

  /** The operations in order. */
  List<Step> steps() {
    return steps;
  }

  /** What the module returned. */
  Tensor output() {
    return output;
  }

  /** Whether a tensor depends on the input of the network. */
  boolean isComputed(Tensor tensor) {
    return computed.contains(tensor) || places.contains(Place.of(tensor));
  }

  /** The tensor that holds the same values under which a step made them. */
  Tensor resolve(Tensor tensor) {
    Tensor resolved = tensor;
    while (same.containsKey(resolved)) {
      resolved = same.get(resolved);
    }
    return resolved;
  }

  private void note(Tensor tensor) {
    computed.add(tensor);
    places.add(Place.of(tensor));
  }

  private Tensor observe(Supplier<Tensor> run, List<Step> found) {
    List<Depth> open = new ArrayList<>();
    Thread own = Thread.currentThread();
    Tensor result;
    try (Grad.Mode mode = Grad.off();
        Scope.Retention retention = Scope.retain();
        Dispatch.Observation observation =
            Dispatch.observe(
                event -> {
                  if (Thread.currentThread() == own) {
                    add(event, open);
                  }
                })) {
      result = run.get();
    }
    open.forEach(entry -> found.add(entry.step()));
    return result;
  }

  /**
   * Definitions are reported after their parts, one level up: they take their place or leave them.
   */
  private void add(Dispatch.Event event, List<Depth> open) {
    if (event.inputs().stream().noneMatch(this::isComputed)) {
      return;
    }
    note(event.output());
    int parts = open.size();
    while (parts > 0 && open.get(parts - 1).depth() > event.depth()) {
      parts--;
    }
    List<Depth> inside = open.subList(parts, open.size());
    if (event.how() == Dispatch.How.COMPOSED && !known.test(event.op(), event.inputs(), this)) {
      inside.replaceAll(part -> new Depth(part.step(), event.depth()));
      return;
    }
    inside.clear();
    open.add(new Depth(new Step(event.op(), event.inputs(), event.output()), event.depth()));
  }

  private void expand(List<Step> found) {
    for (Step step : found) {
      if (known.test(step.op(), step.inputs(), this)) {
        steps.add(step);
      } else if (step.op() instanceof Primitive) {
        throw new ModelException(
            "onnx: operation "
                + step.op()
                + " on "
                + step.inputs().stream().map(Tensor::shape).toList()
                + " has no form in ONNX (expected: operations of an inference network)");
      } else {
        List<Step> parts = new ArrayList<>();
        Tensor result = observe(() -> step.op().define(step.inputs()), parts);
        expand(parts);
        same.put(step.output(), result);
      }
    }
  }
}
