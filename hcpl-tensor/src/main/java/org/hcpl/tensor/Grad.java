package org.hcpl.tensor;

/**
 * Whether operations are recorded for differentiation, per thread; on by default.
 *
 * <pre>{@code
 * try (var mode = Grad.off()) {
 *   logits = model.forward(images);
 * }
 * }</pre>
 */
public final class Grad {
  private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> true);

  private Grad() {}

  /** Restores, when closed, what was before. */
  public interface Mode extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether operations are recorded on this thread. */
  public static boolean isOn() {
    return ON.get();
  }

  /** Records nothing until closed. */
  public static Mode off() {
    return set(false);
  }

  /** Records, also where it was off, until closed. */
  public static Mode enable() {
    return set(true);
  }

  private static Mode set(boolean on) {
    boolean before = ON.get();
    ON.set(on);
    return () -> ON.set(before);
  }
}
