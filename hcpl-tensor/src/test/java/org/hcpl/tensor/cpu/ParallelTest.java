package org.hcpl.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
  private final int threads = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  @Test
  void everyIndexIsVisitedOnceForAnyThreadsAndGrain() {
    for (int count : new int[] {1, 2, 3, 7}) {
      Parallel.setThreads(count);
      assertThat(Parallel.threads()).isEqualTo(count);
      for (int n : new int[] {0, 1, 2, 7, 100, 1001}) {
        for (int grain : new int[] {1, 3, 64, 5000}) {
          AtomicIntegerArray visits = new AtomicIntegerArray(n);
          Parallel.forRange(
              n,
              grain,
              (start, end) -> {
                for (int i = start; i < end; i++) {
                  visits.incrementAndGet(i);
                }
              });
          for (int i = 0; i < n; i++) {
            assertThat(visits.get(i)).isEqualTo(1);
          }
        }
      }
    }
  }

  @Test
  void chunksAreTheSameEveryTimeAndSomeGrainsLong() {
    Parallel.setThreads(3);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    for (int time = 0; time < 20; time++) {
      Parallel.forChunks(
          1000, 70, (chunk, start, end) -> seen.add(chunk + ": " + start + " to " + end));
    }
    assertThat(seen).hasSize(Parallel.chunks(1000, 70)).contains("0: 0 to 67", "14: 934 to 1000");
    assertThat(Parallel.chunks(10000, 70)).isEqualTo(12);
    assertThat(Parallel.chunks(100, 70)).isEqualTo(2);
    assertThat(Parallel.chunks(0, 70)).isZero();
  }

  @Test
  void partsThatWereLaidOutStayWhateverTheNumberOfThreadsBecomes() {
    Parallel.setThreads(2);
    double[] sums = new double[Parallel.chunks(1000, 1)];
    for (int later : new int[] {5, 1}) {
      Parallel.setThreads(later);
      assertThat(Parallel.chunks(1000, 1)).isNotEqualTo(sums.length);
      Parallel.forParts(
          1000,
          sums.length,
          (part, start, end) -> sums[part] = IntStream.range(start, end).asDoubleStream().sum());
      assertThat(sums).doesNotContain(0);
      assertThat(DoubleStream.of(sums).sum()).isEqualTo(499500);
    }
    Parallel.forParts(0, 0, (part, start, end) -> sums[part] = 1);
    assertThatThrownBy(() -> Parallel.forParts(3, 0, (part, start, end) -> {}))
        .hasMessageContaining("n 3, parts 0");
  }

  @Test
  void evenPartsTheLargerOnesFirst() {
    assertThat(IntStream.rangeClosed(0, 4).map(i -> Parallel.begin(6, 4, i)))
        .containsExactly(0, 2, 4, 5, 6);
    assertThat(IntStream.rangeClosed(0, 3).map(i -> Parallel.begin(Integer.MAX_VALUE, 3, i)))
        .containsExactly(0, 715827883, 1431655765, Integer.MAX_VALUE);
  }

  @Test
  void nestedCallsRunWhereTheyAre() {
    Parallel.setThreads(4);
    Set<Boolean> same = ConcurrentHashMap.newKeySet();
    Parallel.forRange(
        16,
        1,
        (start, end) -> {
          Thread outer = Thread.currentThread();
          Parallel.forRange(16, 1, (from, to) -> same.add(Thread.currentThread() == outer));
        });
    assertThat(same).containsExactly(true);
  }

  @Test
  void aFailureComesOutAndThePoolGoesOn() {
    Parallel.setThreads(3);
    assertThatThrownBy(
            () ->
                Parallel.forRange(
                    12,
                    1,
                    (start, end) -> {
                      if (start >= 5) {
                        throw new IllegalStateException("at " + start);
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("at 5")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(6));
    AtomicIntegerArray visits = new AtomicIntegerArray(1);
    Parallel.forRange(12, 1, (start, end) -> visits.addAndGet(0, end - start));
    assertThat(visits.get(0)).isEqualTo(12);
  }

  @Test
  void callersFromSeveralThreadsAllFinish() throws InterruptedException {
    Parallel.setThreads(2);
    AtomicIntegerArray sum = new AtomicIntegerArray(1);
    Thread[] callers = new Thread[4];
    for (int i = 0; i < callers.length; i++) {
      callers[i] =
          new Thread(
              () -> {
                for (int time = 0; time < 200; time++) {
                  Parallel.forRange(10, 1, (start, end) -> sum.addAndGet(0, end - start));
                }
              });
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(sum.get(0)).isEqualTo(4 * 200 * 10);
  }

  @Test
  void badArgumentsAreRefusedWithTheirValues() {
    assertThatThrownBy(() -> Parallel.setThreads(0)).hasMessageContaining("0 threads");
    assertThatThrownBy(() -> Parallel.forRange(-1, 1, (start, end) -> {}))
        .hasMessage("parallel: n -1, grain 1 (expected: n >= 0 and grain >= 1)");
  }
}
