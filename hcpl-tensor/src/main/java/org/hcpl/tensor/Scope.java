package org.hcpl.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.hcpl.tensor.spi.Buffer;

/**
 * Owns the memory of the tensors made on this thread while it is open and gives it back at once
 * when it closes. Without a scope memory goes back when the garbage collector finds it; with one a
 * training step reuses the same memory again and again.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *   Tensor loss = ...;
 *   loss.backward();
 *   optimizer.step();
 *   history.add(loss.item());
 * }
 * }</pre>
 *
 * <p>Gradients belong to the scope that is open when {@link Tensor#backward()} makes them. To add
 * up those of several batches, each in a scope of its own, hand them out of it:
 *
 * <pre>{@code
 * for (Batch batch : batches) {
 *   try (var scope = Scope.open()) {
 *     loss(batch).backward();
 *     model.parameters().forEach(parameter -> parameter.grad().keep());
 *   }
 * }
 * optimizer.step();
 * }</pre>
 *
 * <p>A tensor that is used after its scope was closed fails with a message that says so. {@link
 * Tensor#keep()} hands a tensor to the enclosing scope, {@link Tensor#persist()} takes it out of
 * all scopes.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private static final ThreadLocal<Integer> RETAINING = ThreadLocal.withInitial(() -> 0);

  private final Set<Buffer> owned = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Thread thread = Thread.currentThread();
  private boolean closed;

  private Scope() {}

  /** Opens a scope within the current one of this thread. */
  public static Scope open() {
    Scope scope = new Scope();
    OPEN.get().push(scope);
    return scope;
  }

  /** Ends, when closed, what {@link #retain} began. */
  public interface Retention extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Until closed, scopes that close on this thread hand all their tensors to the scope around them:
   * for those who look at what a network computes on its way.
   */
  public static Retention retain() {
    RETAINING.set(RETAINING.get() + 1);
    return () -> RETAINING.set(RETAINING.get() - 1);
  }

  /** Called for every new buffer. */
  static void register(Buffer buffer) {
    Scope current = OPEN.get().peek();
    if (current != null) {
      current.owned.add(buffer);
    }
  }

  /** Whether this scope would give a buffer back. */
  boolean owns(Buffer buffer) {
    return owned.contains(buffer);
  }

  /** Hands a buffer to the scope around the one that owns it, or to none. */
  static void keep(Buffer buffer) {
    List<Scope> scopes = new ArrayList<>(OPEN.get());
    for (int i = 0; i < scopes.size(); i++) {
      if (scopes.get(i).owned.remove(buffer)) {
        if (i + 1 < scopes.size()) {
          scopes.get(i + 1).owned.add(buffer);
        }
        return;
      }
    }
  }

  static void persist(Buffer buffer) {
    for (Scope scope : OPEN.get()) {
      scope.owned.remove(buffer);
    }
  }

  /**
   * Hands a tensor to the scope around this one, or to none, if this one owns it; a tensor that
   * came from outside stays where it is.
   */
  public Tensor handOver(Tensor tensor) {
    if (owned.contains(tensor.buffer())) {
      keep(tensor.buffer());
    }
    return tensor;
  }

  /** The number of buffers that this scope would give back now. */
  public int size() {
    return owned.size();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread || OPEN.get().peek() != this) {
      throw new TensorException(
          "scope: closed out of order or on another thread than "
              + thread.getName()
              + " (expected: try-with-resources)");
    }
    closed = true;
    OPEN.get().pop();
    if (RETAINING.get() == 0) {
      owned.forEach(Buffer::release);
    } else if (!OPEN.get().isEmpty()) {
      OPEN.get().peek().owned.addAll(owned);
    }
    owned.clear();
  }
}
