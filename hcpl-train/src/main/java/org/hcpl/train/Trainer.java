package org.hcpl.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.hcpl.nn.Module;
import org.hcpl.nn.optim.Adam;
import org.hcpl.nn.optim.AdamW;
import org.hcpl.nn.optim.ExponentialMovingAverage;
import org.hcpl.nn.optim.GradientClipping;
import org.hcpl.nn.optim.Schedule;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.train.data.Batch;
import org.hcpl.train.data.BatchLoader;
import org.hcpl.train.data.CellStore;

/**
 * The training loop. It does what {@link #fit} spells out and no more; everything random in it is a
 * function of the seed, the epoch and the step, so that a run that was stopped anywhere, by a kill
 * too, goes on from its last checkpoint to the same bits.
 */
public final class Trainer {
  private final TrainingOptions options;
  private final Objective objective;
  private final boolean bags;
  private final ToDoubleFunction<Module> validation;
  private final Progress progress;
  private String model;

  /**
   * A loop.
   *
   * @param bags whether a batch holds whole images with their cells, as {@link
   *     Objective#dualStream} wants
   * @param validation the score of a network after each epoch, larger is better; null for none
   */
  public Trainer(
      TrainingOptions options,
      Objective objective,
      boolean bags,
      ToDoubleFunction<Module> validation,
      Progress progress) {
    this.options = options;
    this.objective = objective;
    this.bags = bags;
    this.validation = validation;
    this.progress = progress;
  }

  /**
   * Says what is trained, for checkpoints: networks that differ in a padding alone have weights of
   * the same shapes, and would take up each other's.
   */
  Trainer model(String name) {
    model = name;
    return this;
  }

  /**
   * What one epoch came to.
   *
   * @param number from 0 on
   * @param loss mean over the epoch's cells
   * @param score validation score, NaN without validation
   * @param rate learning rate at the end
   * @param seconds wall time
   */
  public record Epoch(int number, double loss, double score, double rate, double seconds) {}

  /** Sees a run as it goes; all methods do nothing by default. */
  public interface Progress {
    /** Says nothing. */
    Progress SILENT = new Progress() {};

    /**
     * After every step.
     *
     * @param epoch its number, from 0 on
     * @param step how many steps of it are done
     * @param steps how many it has
     * @param loss the mean of the epoch so far
     */
    default void step(int epoch, int step, int steps, double loss) {}

    /** After every epoch. */
    default void epoch(Epoch epoch, List<Epoch> history) {}
  }

  /**
   * Trains a network from where {@code folder} left off, or from its present weights.
   *
   * @param folder for checkpoints, made if it is not there; null to keep none
   * @return all epochs; the network has the weights of the best one where there is a validation,
   *     else of the last
   * @throws TensorException if there are no cells, or the loss is no longer a number, with the step
   *     and the cure
   */
  public List<Epoch> fit(Module network, CellStore cells, Path folder) {
    if (cells.size() == 0) {
      throw new TensorException("training: no cells to learn from (expected: at least one)");
    }
    AdamW optimizer =
        new AdamW(
            network.namedParameters(),
            options.learningRate(),
            Adam.Options.DEFAULT.weightDecay(options.weightDecay()));
    ExponentialMovingAverage average =
        options.averageDecay() > 0
            ? new ExponentialMovingAverage(network, options.averageDecay())
            : null;
    String name = model == null ? network.getClass().getSimpleName() : model;
    Checkpoint checkpoint =
        Checkpoint.open(folder, name, network, optimizer, average, options, cells);
    List<Epoch> history = new ArrayList<>(checkpoint.history());
    Schedule schedule = schedule();
    long lastSaved = System.nanoTime();
    for (int epoch = checkpoint.epoch();
        epoch < options.epochs() && !outOfPatience(history);
        epoch++) {
      long begin = System.nanoTime();
      Rng rng = Rng.of(options.seed()).split("epoch").split(epoch);
      double lossSum = checkpoint.lossSum();
      long seen = checkpoint.seen();
      int first = checkpoint.step();
      network.train();
      try (BatchLoader loader = load(cells, rng, first)) {
        for (int step = first; loader.hasNext(); step++) {
          Batch batch = loader.next();
          network.seed(rng.split("network").split(step));
          optimizer.setLearningRate(schedule.at(epoch + (double) step / loader.batches()));
          try (Scope scope = Scope.open()) {
            optimizer.clearGrads();
            Tensor loss = objective.loss(network, batch);
            double value = loss.item();
            if (!Double.isFinite(value)) {
              throw new TensorException(
                  "training: loss is "
                      + value
                      + " in epoch "
                      + (epoch + 1)
                      + ", step "
                      + (step + 1)
                      + " (expected: a number)\nhelp: lower the learning rate, now "
                      + optimizer.learningRate()
                      + ", and choose another output folder");
            }
            loss.backward();
            if (options.clipNorm() > 0) {
              GradientClipping.byGlobalNorm(network.parameters(), options.clipNorm());
            }
            optimizer.step();
            optimizer.clearGrads();
            lossSum += value * batch.size();
            seen += batch.size();
          }
          if (average != null) {
            average.update((long) epoch * loader.batches() + step);
          }
          progress.step(epoch, step + 1, loader.batches(), lossSum / seen);
          if (System.nanoTime() - lastSaved > options.checkpointMinutes() * 60e9
              && loader.hasNext()) {
            checkpoint.save(epoch, step + 1, lossSum, seen, history);
            lastSaved = System.nanoTime();
          }
        }
      }
      double score = validate(network, average);
      Epoch done =
          new Epoch(
              epoch,
              lossSum / seen,
              score,
              optimizer.learningRate(),
              (System.nanoTime() - begin) / 1e9);
      boolean best = history.stream().noneMatch(before -> beats(before.score(), score));
      history.add(done);
      if (best && validation != null) {
        checkpoint.keepBest(average);
      }
      checkpoint.save(epoch + 1, 0, 0, 0, history);
      lastSaved = System.nanoTime();
      progress.epoch(done, history);
    }
    if (validation != null) {
      checkpoint.restoreBest();
    } else if (average != null) {
      average.swap();
    }
    network.eval();
    return history;
  }

  private BatchLoader load(CellStore cells, Rng rng, int from) {
    return bags
        ? BatchLoader.bags(
            cells,
            Math.max(1, options.batchSize() / options.cellsPerBag()),
            options.cellsPerBag(),
            options.augmentation(),
            rng,
            from)
        : BatchLoader.cells(cells, options.batchSize(), options.augmentation(), rng, from);
  }

  private Schedule schedule() {
    double warmUp = Math.min(options.warmUpEpochs(), options.epochs() / 2.0);
    Schedule cosine =
        Schedule.cosine(
            options.learningRate(), options.epochs() - warmUp, options.learningRate() * 0.01);
    return warmUp > 0 ? cosine.warmUp(warmUp, options.learningRate() * 0.05) : cosine;
  }

  private double validate(Module network, ExponentialMovingAverage average) {
    if (validation == null) {
      return Double.NaN;
    }
    if (average != null) {
      average.swap();
    }
    try {
      return validation.applyAsDouble(network);
    } finally {
      if (average != null) {
        average.swap();
      }
      network.train();
    }
  }

  /** Whether a score before is as good as one now; NaN is worse than any number. */
  private static boolean beats(double before, double now) {
    return before >= now || (Double.isNaN(now) && !Double.isNaN(before));
  }

  private boolean outOfPatience(List<Epoch> history) {
    if (options.patience() == 0 || validation == null || history.isEmpty()) {
      return false;
    }
    int best = 0;
    for (int i = 1; i < history.size(); i++) {
      if (!beats(history.get(best).score(), history.get(i).score())) {
        best = i;
      }
    }
    return history.size() - 1 - best >= options.patience();
  }
}
