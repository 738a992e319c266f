package org.hcpl.models.image;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Works ahead on background threads: results come in the order of the items, at most {@code ahead}
 * of them wait at a time, so memory stays bounded however slow the consumer is.
 */
public final class Prefetch {
  private Prefetch() {}

  /**
   * A stream of {@code work} applied to each item.
   *
   * <p>Close the stream (try-with-resources) if it may not be read to its end. What {@code work}
   * throws, the consumer gets at that item; the stream then ends.
   *
   * @param ahead results that may wait, at least 1
   * @param threads background threads, at least 1; never more than {@code ahead} are used
   */
  public static <T, R> Stream<R> ordered(
      List<T> items, Function<? super T, ? extends R> work, int ahead, int threads) {
    if (ahead < 1 || threads < 1) {
      throw new ImageException(
          "prefetch: ahead " + ahead + ", threads " + threads + " (expected: at least 1)");
    }
    Ordered<T, R> iterator =
        new Ordered<>(List.copyOf(items), work, ahead, Math.min(threads, ahead));
    return StreamSupport.stream(
            Spliterators.spliterator(
                iterator, items.size(), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(iterator::close);
  }

  private static final class Ordered<T, R> implements Iterator<R> {
    private final Iterator<T> items;
    private final Function<? super T, ? extends R> work;
    private final int ahead;
    private final int threads;
    private final ArrayDeque<Future<R>> waiting = new ArrayDeque<>();
    private ExecutorService pool;

    Ordered(List<T> items, Function<? super T, ? extends R> work, int ahead, int threads) {
      this.items = items.iterator();
      this.work = work;
      this.ahead = ahead;
      this.threads = threads;
    }

    @Override
    public boolean hasNext() {
      fill();
      if (waiting.isEmpty()) {
        close();
      }
      return !waiting.isEmpty();
    }

    @Override
    public R next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        // The next item starts when the consumer comes back, so that `ahead` bounds the memory.
        return waiting.remove().get();
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new CancellationException("prefetch: interrupted while waiting");
      } catch (ExecutionException e) {
        close();
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        if (e.getCause() instanceof Error cause) {
          throw cause;
        }
        throw new IllegalStateException(e.getCause());
      }
    }

    private void fill() {
      while (waiting.size() < ahead && items.hasNext()) {
        if (pool == null) {
          pool =
              Executors.newFixedThreadPool(
                  threads,
                  task -> {
                    Thread thread = new Thread(task, "hcpl-prefetch");
                    thread.setDaemon(true);
                    return thread;
                  });
        }
        T item = items.next();
        waiting.add(pool.submit(() -> work.apply(item)));
      }
    }

    void close() {
      while (items.hasNext()) {
        items.next();
      }
      waiting.forEach(future -> future.cancel(true));
      waiting.clear();
      if (pool != null) {
        pool.shutdownNow();
        pool = null;
      }
    }
  }
}
