package org.hcpl.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hcpl.tensor.spi.Buffer;

/**
 * One backward pass. Memory that it allocates goes back as soon as no gradient that is still to be
 * used lies in it: what an operation's gradient computes on the way at once, the gradient of a
 * result when that result is done. Only gradients of leaves stay.
 */
final class Backward {
  /** The gradients that are still to be used, by the tensor whose they are. */
  private final Map<Tensor, Tensor> pending = new IdentityHashMap<>();

  /** How many pending gradients lie in a buffer, of the buffers that this pass allocated. */
  private final Map<Buffer, Integer> uses = new IdentityHashMap<>();

  private Backward() {}

  static void run(Tensor root, Tensor dRoot) {
    new Backward().pass(root, dRoot);
  }

  private void pass(Tensor root, Tensor dRoot) {
    pending.put(root, dRoot);
    // Results were numbered as they were made, so falling numbers visit every result before its
    // inputs.
    for (Tensor tensor : history(root)) {
      Tensor gradient = pending.remove(tensor);
      if (gradient == null) {
        continue;
      }
      if (tensor.op() == null) {
        leaf(tensor, gradient);
      } else {
        inner(tensor, gradient);
      }
    }
  }

  private void leaf(Tensor leaf, Tensor gradient) {
    if (leaf.grad() != null) {
      leaf.setGrad(leaf.grad().add(gradient));
      drop(gradient);
    } else if (uses.getOrDefault(gradient.buffer(), 0) == 1) {
      // Nobody else has this memory: the leaf keeps it.
      uses.remove(gradient.buffer());
      leaf.setGrad(gradient);
    } else {
      // Memory of the caller, or of another gradient, which may be overwritten or given back.
      Tensor own = Tensor.allocate(gradient.backend(), gradient.shape());
      own.assign(gradient);
      leaf.setGrad(own);
      drop(gradient);
    }
  }

  private void inner(Tensor tensor, Tensor gradient) {
    List<Tensor> inputs = tensor.inputs();
    requireUnchanged(tensor);
    try (Scope scope = Scope.open()) {
      List<Tensor> gradients = tensor.op().gradient(inputs, tensor, gradient);
      for (int i = 0; i < gradients.size(); i++) {
        Tensor input = inputs.get(i);
        Tensor dInput = gradients.get(i);
        if (dInput == null || !input.requiresGrad()) {
          continue;
        }
        if (!dInput.shape().equals(input.shape())) {
          throw new ShapeException(
              tensor.op().name()
                  + ": gradient of input "
                  + i
                  + " is "
                  + dInput.shape()
                  + " (expected: its shape "
                  + input.shape()
                  + ")");
        }
        if (scope.owns(dInput.buffer())) {
          uses.put(dInput.buffer(), 0);
          dInput.keep();
        }
        add(input, dInput);
      }
    }
    drop(gradient);
  }

  /** Gradients are computed from inputs and outputs, which must be those of the forward pass. */
  private static void requireUnchanged(Tensor tensor) {
    Tensor changed = tensor.overwritten();
    if (changed != null) {
      throw new TensorException(
          "backward: "
              + (changed == tensor ? "result " : "input ")
              + changed.shape()
              + " of "
              + tensor.op().name()
              + " was overwritten after it ran (expected: the values of the forward pass; help: call"
              + " backward() before copyFrom(), assign() or an optimiser's step)");
    }
  }

  private void add(Tensor input, Tensor dInput) {
    Tensor before = pending.get(input);
    if (before == null) {
      hold(dInput);
      pending.put(input, dInput);
      return;
    }
    Tensor sum = before.add(dInput).keep();
    uses.put(sum.buffer(), 1);
    pending.put(input, sum);
    drop(before);
    hold(dInput);
    drop(dInput);
  }

  private void hold(Tensor gradient) {
    uses.computeIfPresent(gradient.buffer(), (buffer, count) -> count + 1);
  }

  /** One gradient in the buffer less; the last one gives it back. */
  private void drop(Tensor gradient) {
    Integer count = uses.get(gradient.buffer());
    if (count == null) {
      return;
    }
    if (count > 1) {
      uses.put(gradient.buffer(), count - 1);
    } else {
      uses.remove(gradient.buffer());
      gradient.buffer().release();
    }
  }

  private static List<Tensor> history(Tensor root) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Tensor> open = new ArrayDeque<>();
    open.push(root);
    seen.add(root);
    while (!open.isEmpty()) {
      for (Tensor input : open.pop().inputs()) {
        if (input.requiresGrad() && seen.add(input)) {
          open.push(input);
        }
      }
    }
    List<Tensor> order = new ArrayList<>(seen);
    order.sort((a, b) -> Long.compare(b.sequence(), a.sequence()));
    return order;
  }
}
