package org.hcpl.tensor.cpu;

import static org.hcpl.tensor.io.Words.count;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.hcpl.tensor.TensorException;

/**
 * Fork and join over a range of indices on a small pool of daemon threads of our own.
 *
 * <p>The range is cut into chunks whose limits depend on the range, the grain and {@link
 * #threads()} alone; which thread takes which chunk does not change any result as long as a chunk
 * writes only what is its own. So the same thread count gives the same bits. The calling thread
 * works, too; a call from inside a chunk runs where it is.
 */
public final class Parallel {
  /**
   * Chunks a thread gets on average when the range allows: evens out what else the machine does.
   */
  private static final int CHUNKS_PER_THREAD = 4;

  /**
   * How long an idle thread looks for the next job before it sleeps. To wake it costs some tens of
   * microseconds, and the layers of a network follow each other within a few hundred.
   */
  private static final long SPIN_NANOS = 200_000;

  /**
   * Looks before a thread gives way and looks at the clock, about a microsecond. Of two threads on
   * one core, where the system may have put them, the one that waits would hold up the other.
   */
  private static final int SPINS_PER_LOOK = 64;

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
  private static final Object LOCK = new Object();
  private static volatile Pool pool = new Pool(initialThreads());

  private Parallel() {}

  /** What is done with the indices {@code start} (inclusive) to {@code end} (exclusive). */
  @FunctionalInterface
  public interface RangeBody {
    void run(int start, int end);
  }

  /** Like {@link RangeBody}, and told which chunk it is: for partial sums. */
  @FunctionalInterface
  public interface ChunkBody {
    void run(int chunk, int start, int end);
  }

  /** How many threads work, the calling one included; {@code -Dhcpl.threads}, else all cores. */
  public static int threads() {
    return pool.threads;
  }

  /**
   * Sets the number of threads from now on; jobs that run go on with those they have.
   *
   * @throws TensorException unless it is 1 to 1024
   */
  public static void setThreads(int threads) {
    checkThreads(threads);
    synchronized (LOCK) {
      Pool old = pool;
      if (old.threads != threads) {
        pool = new Pool(threads);
        old.close();
      }
    }
  }

  /**
   * Runs {@code body} over all of {@code 0..n-1} in chunks of about {@code grain} indices or more
   * and returns when all are done.
   *
   * <p>What a chunk throws comes out here, the first by index; the others of that moment are
   * suppressed in it.
   */
  public static void forRange(int n, int grain, RangeBody body) {
    forChunks(n, grain, (chunk, start, end) -> body.run(start, end));
  }

  /** {@link #forRange}, with the number of the chunk; see {@link #forParts} for partial sums. */
  public static void forChunks(int n, int grain, ChunkBody body) {
    if (n < 0 || grain < 1) {
      throw new TensorException(
          "parallel: n " + n + ", grain " + grain + " (expected: n >= 0 and grain >= 1)");
    }
    Pool current = pool;
    run(current, n, chunks(n, grain, current.threads), body);
  }

  /**
   * {@link #forChunks} in so many chunks, as {@link #chunks} told before: where memory for partial
   * sums was laid out for them, whoever sets the number of threads meanwhile.
   */
  public static void forParts(int n, int parts, ChunkBody body) {
    if (n < 0 || parts < Math.min(n, 1)) {
      throw new TensorException(
          "parallel: n " + n + ", parts " + parts + " (expected: n >= 0 and at least a part)");
    }
    run(pool, n, parts, body);
  }

  private static void run(Pool current, int n, int chunks, ChunkBody body) {
    if (chunks == 0) {
      return;
    }
    Job job = new Job(body, n, chunks);
    if (chunks == 1 || current.threads == 1 || INSIDE.get()) {
      for (int i = 0; i < chunks; i++) {
        body.run(i, job.start(i), job.start(i + 1));
      }
      return;
    }
    current.run(job);
  }

  /** Into how many chunks {@link #forChunks} cuts the range. */
  public static int chunks(int n, int grain) {
    return chunks(n, grain, threads());
  }

  /**
   * Where part {@code i} begins when {@code 0..n-1} is cut into so many parts of even size. Those
   * that are larger by one come first: a thread that took a larger one last would keep the others
   * waiting.
   */
  static int begin(int n, int parts, int i) {
    return n / parts * i + Math.min(i, n % parts);
  }

  private static int chunks(int n, int grain, int threads) {
    if (threads == 1) {
      return n == 0 ? 0 : 1;
    }
    int most = n / grain + (n % grain == 0 ? 0 : 1);
    int enough = threads * CHUNKS_PER_THREAD;
    // Chunks of one and of two grains would leave a thread with a third more than another.
    return most <= 2 * enough ? most : enough;
  }

  private static int initialThreads() {
    Integer wanted = Integer.getInteger("hcpl.threads");
    if (wanted == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    checkThreads(wanted);
    return wanted;
  }

  private static void checkThreads(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new TensorException(
          "parallel: "
              + count(threads, "thread")
              + " (expected: 1 to 1024; all cores of this machine are "
              + Runtime.getRuntime().availableProcessors()
              + ")");
    }
  }

  /** One range on its way; its chunks are taken in order by whoever is free. */
  private static final class Job {
    final ChunkBody body;
    final int n;
    final int chunks;
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final Throwable[] failures;
    final Thread caller = Thread.currentThread();

    Job(ChunkBody body, int n, int chunks) {
      this.body = body;
      this.n = n;
      this.chunks = chunks;
      this.failures = new Throwable[chunks];
    }

    int start(int chunk) {
      return begin(n, chunks, chunk);
    }

    /** Takes chunks until none is left. */
    void work() {
      boolean before = INSIDE.get();
      INSIDE.set(true);
      try {
        for (int i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
          try {
            body.run(i, start(i), start(i + 1));
          } catch (Throwable failure) {
            failures[i] = failure;
          }
          if (done.incrementAndGet() == chunks) {
            LockSupport.unpark(caller);
          }
        }
      } finally {
        INSIDE.set(before);
      }
    }

    void await() {
      long start = System.nanoTime();
      boolean spin = true;
      for (int spins = 1; done.get() < chunks; spins++) {
        if (spin && spins % SPINS_PER_LOOK != 0) {
          Thread.onSpinWait();
        } else if (spin) {
          Thread.yield();
          spin = System.nanoTime() - start < SPIN_NANOS;
        } else {
          LockSupport.park(this);
        }
      }
      Throwable first = null;
      for (Throwable failure : failures) {
        if (first == null) {
          first = failure;
        } else if (failure != null && failure != first) {
          first.addSuppressed(failure);
        }
      }
      if (first instanceof RuntimeException exception) {
        throw exception;
      }
      if (first instanceof Error error) {
        throw error;
      }
    }
  }

  /** The threads; one job at a time, a second caller works alone on what is his. */
  private static final class Pool {
    final int threads;
    private final Thread[] workers;
    private volatile Job job;
    private volatile boolean closed;
    private final AtomicInteger busy = new AtomicInteger();

    Pool(int threads) {
      this.threads = threads;
      this.workers = new Thread[threads - 1];
      for (int i = 0; i < workers.length; i++) {
        workers[i] = new Thread(this::loop, "hcpl-worker-" + (i + 1));
        workers[i].setDaemon(true);
        workers[i].start();
      }
    }

    void run(Job mine) {
      if (!busy.compareAndSet(0, 1)) {
        mine.work();
        mine.await();
        return;
      }
      try {
        job = mine;
        for (Thread worker : workers) {
          LockSupport.unpark(worker);
        }
        mine.work();
        mine.await();
      } finally {
        job = null;
        busy.set(0);
      }
    }

    private void loop() {
      Job last = null;
      long idleSince = System.nanoTime();
      int spins = 0;
      while (!closed) {
        Job current = job;
        if (current != null && current != last) {
          current.work();
          last = current;
          idleSince = System.nanoTime();
        } else if (++spins % SPINS_PER_LOOK != 0) {
          Thread.onSpinWait();
        } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
          Thread.yield();
        } else {
          last = null;
          LockSupport.park(this);
          idleSince = System.nanoTime();
        }
      }
    }

    void close() {
      closed = true;
      for (Thread worker : workers) {
        LockSupport.unpark(worker);
      }
    }
  }
}
