package org.hcpl.train.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.TensorException;

/**
 * Prepares the batches of an epoch on background threads, a few ahead of the training loop. What a
 * batch holds depends on the seed and its place alone, never on threads or on what was read before,
 * so that an interrupted epoch can go on at any batch.
 */
public final class BatchLoader implements Iterator<Batch>, AutoCloseable {
  private static final int AHEAD = 4;

  private final CellStore cells;
  private final Augmentation augmentation;
  private final List<List<int[]>> plan;
  private final Rng rng;
  private final Deque<Future<Batch>> ready = new ArrayDeque<>();
  private final ExecutorService workers;
  private int submitted;

  private BatchLoader(
      CellStore cells, Augmentation augmentation, List<List<int[]>> plan, Rng rng, int from) {
    this.cells = cells;
    this.augmentation = augmentation;
    this.plan = plan;
    this.rng = rng;
    this.submitted = from;
    this.workers =
        Executors.newFixedThreadPool(
            Math.min(AHEAD, Runtime.getRuntime().availableProcessors()),
            task -> {
              Thread thread = new Thread(task, "hcpl-batches");
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < AHEAD; i++) {
      submit();
    }
  }

  /**
   * Cells one by one in random order. A last one that would be alone joins the batch before it.
   *
   * @param rng of this epoch
   * @param from number of batches to leave out, for an epoch that goes on
   */
  public static BatchLoader cells(
      CellStore cells, int batchSize, Augmentation augmentation, Rng rng, int from) {
    int[] order = rng.split("order").permutation(cells.size());
    List<List<int[]>> plan = new ArrayList<>();
    for (int start = 0; start < order.length; start += batchSize) {
      List<int[]> batch = new ArrayList<>();
      for (int i = start; i < Math.min(order.length, start + batchSize); i++) {
        batch.add(new int[] {order[i]});
      }
      plan.add(batch);
    }
    joinLast(plan, batchSize);
    return new BatchLoader(cells, augmentation, plan, rng, from);
  }

  /**
   * Images in random order, each with its cells, or a random choice of them where there are more
   * than {@code cellsPerBag}. A last cell that would be alone joins the batch before it.
   *
   * @param bagsPerBatch images a batch
   * @param rng of this epoch
   * @param from number of batches to leave out, for an epoch that goes on
   */
  public static BatchLoader bags(
      CellStore cells,
      int bagsPerBatch,
      int cellsPerBag,
      Augmentation augmentation,
      Rng rng,
      int from) {
    List<int[]> bags = cells.bags();
    int[] order = rng.split("order").permutation(bags.size());
    List<List<int[]>> plan = new ArrayList<>();
    for (int start = 0; start < order.length; start += bagsPerBatch) {
      List<int[]> batch = new ArrayList<>();
      for (int i = start; i < Math.min(order.length, start + bagsPerBatch); i++) {
        batch.add(choose(bags.get(order[i]), cellsPerBag, rng.split("choice").split(order[i])));
      }
      plan.add(batch);
    }
    joinLast(plan, bagsPerBatch);
    return new BatchLoader(cells, augmentation, plan, rng, from);
  }

  /**
   * Adds a last batch of one cell to the one before it: batch normalisation over one value a
   * channel, as of small cells, is not defined.
   */
  private static void joinLast(List<List<int[]>> plan, int bagsPerBatch) {
    if (bagsPerBatch > 1 && plan.size() > 1) {
      List<int[]> last = plan.get(plan.size() - 1);
      if (last.size() == 1 && last.get(0).length == 1) {
        plan.remove(plan.size() - 1);
        plan.get(plan.size() - 1).addAll(last);
      }
    }
  }

  private static int[] choose(int[] bag, int count, Rng rng) {
    if (bag.length <= count) {
      return bag;
    }
    int[] order = rng.permutation(bag.length);
    return Arrays.stream(order, 0, count).sorted().map(i -> bag[i]).toArray();
  }

  /** The number of batches of the whole epoch. */
  public int batches() {
    return plan.size();
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty();
  }

  @Override
  public Batch next() {
    if (ready.isEmpty()) {
      throw new NoSuchElementException("the epoch is over");
    }
    try {
      Batch batch = ready.poll().get();
      submit();
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TensorException("batches: interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new TensorException("batches: " + e.getCause(), e.getCause());
    }
  }

  private void submit() {
    if (submitted < plan.size()) {
      int number = submitted++;
      ready.add(workers.submit(() -> prepare(number)));
    }
  }

  private Batch prepare(int number) {
    List<int[]> bags = plan.get(number);
    int count = bags.stream().mapToInt(bag -> bag.length).sum();
    int values = cells.valuesPerCell();
    int classes = cells.classes().size();
    float[] pixels = new float[Math.multiplyExact(count, values)];
    float[] targets = new float[count * classes];
    float[] bagTargets = new float[bags.size() * classes];
    int[] bag = new int[count];
    float[] raw = new float[values];
    int row = 0;
    for (int b = 0; b < bags.size(); b++) {
      for (int cell : bags.get(b)) {
        if (augmentation.equals(Augmentation.NONE)) {
          cells.read(cell, pixels, row * values);
        } else {
          cells.read(cell, raw, 0);
          augmentation.apply(
              raw,
              pixels,
              row * values,
              cells.side(),
              cells.channels(),
              cells.contrast(),
              rng.split("augment").split(cell));
        }
        float[] target = cells.target(cell);
        System.arraycopy(target, 0, targets, row * classes, classes);
        for (int c = 0; c < classes; c++) {
          bagTargets[b * classes + c] = Math.max(bagTargets[b * classes + c], target[c]);
        }
        bag[row++] = b;
      }
    }
    return new Batch(
        pixels,
        targets,
        bag,
        bagTargets,
        Shape.of(count, cells.side(), cells.side(), cells.channels()),
        classes);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
