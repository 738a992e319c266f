package org.hcpl.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelFile;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.models.localise.ClassList;
import org.hcpl.models.localise.Contrast;
import org.hcpl.models.localise.CorrelationGate;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.io.FileErrors;
import org.hcpl.train.data.CellStore;
import org.hcpl.train.metric.Classification;
import org.hcpl.train.metric.LabelledScores;

/**
 * From cells to a model file: makes the network, trains it with the objective that fits it, chooses
 * thresholds on the training cells and writes {@code model.safetensors}, {@code curves.png} and
 * {@code history.csv} beside the checkpoints.
 */
public final class CellTraining {
  /**
   * Share of a DSA's epochs that are its first round, with the cell stream at a fifth of the image
   * stream's weight.
   */
  private static final double FIRST_ROUND = 0.5;

  private final String model;
  private final boolean exclusive;
  private final Contrast contrast;
  private final TrainingOptions options;
  private final Trainer.Progress progress;
  private boolean headFit = true;

  /**
   * A training.
   *
   * @param model registered name
   * @param exclusive whether each cell has one class
   * @param contrast how the cells were prepared, for the model file; that of the store
   */
  public CellTraining(
      String model,
      boolean exclusive,
      Contrast contrast,
      TrainingOptions options,
      Trainer.Progress progress) {
    this.model = model;
    this.exclusive = exclusive;
    this.contrast = contrast;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Whether a {@link Dsa}'s two linear layers are fitted to convergence at the end; on at first.
   */
  public CellTraining headFit(boolean value) {
    headFit = value;
    return this;
  }

  /**
   * What came out.
   *
   * @param score of the validation cells by the weights that were kept, NaN without
   * @param seconds of training
   */
  public record Outcome(
      Path file,
      Module network,
      ModelFile.Description description,
      List<Trainer.Epoch> history,
      double score,
      double seconds) {}

  /** What the validation score is called. */
  public String scoreName() {
    return exclusive ? "accuracy" : "mean average precision";
  }

  /**
   * Trains, or goes on where the folder's checkpoint left off.
   *
   * @param train cells to learn from
   * @param validation cells to choose the best epoch by; null for none
   * @param folder for checkpoints and results, made if it is not there
   * @param provenance what the model file says of where the data come from; version, seed, number
   *     of cells and score are added
   * @throws ModelException before the training, if no network or model file is for such cells
   */
  public Outcome run(
      CellStore train, CellStore validation, Path folder, Map<String, String> provenance) {
    long start = System.nanoTime();
    if (train.contrast() != contrast) {
      throw new ModelException(
          "training: cells of contrast "
              + train.contrast()
              + " (expected: "
              + contrast
              + ", which the model file will say)");
    }
    // First of all: what no model file can describe must not show after hours of training.
    ModelFile.Description description =
        new ModelFile.Description(
            model,
            train.channels(),
            train.classes(),
            train.side(),
            exclusive,
            contrast,
            List.of(),
            provenance);
    Module network =
        Models.create(
            model,
            ModelOptions.of(train.channels(), train.classes().size())
                .dropRate(0.2)
                .dropPathRate(0.1));
    network.initialise(Rng.of(options.seed()).split("weights"));
    ToDoubleFunction<Module> score =
        validation == null
            ? null
            : trained ->
                score(
                    probabilities(
                        trained, validation, CorrelationGate.productOf(train.classes().size())),
                    validation);
    List<Trainer.Epoch> history =
        network instanceof Dsa
            ? rounds(network, train, score, folder)
            : once(network, train, score, folder);
    if (headFit && network instanceof Dsa dsa) {
      HeadFit.fit(dsa, train);
    }
    double seconds = history.stream().mapToDouble(Trainer.Epoch::seconds).sum();
    if (network instanceof Dsa dsa) {
      description = description.correlations(correlations(dsa, train));
    }
    // From here on as a prediction fuses the streams, which only now can be known.
    CorrelationGate gate = description.gate();
    double last =
        validation == null
            ? Double.NaN
            : score(probabilities(network, validation, gate), validation);
    Map<String, String> origin = new LinkedHashMap<>(provenance);
    origin.put("version", RunRecord.version());
    origin.put("seed", Long.toString(options.seed()));
    origin.put("trainingCells", Integer.toString(train.size()));
    if (validation != null) {
      origin.put("validation " + scoreName(), Double.toString(last));
    }
    description = description.provenance(origin);
    if (!exclusive) {
      description =
          description.thresholds(
              Classification.chooseThresholds(
                  labelled(probabilities(network, train, gate), train)));
    }
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, description, network);
    Curves.write(history, scoreName(), folder.resolve("curves.png"));
    writeHistory(history, folder.resolve("history.csv"));
    return new Outcome(
        file,
        network,
        description,
        history,
        last,
        Math.max(seconds, (System.nanoTime() - start) / 1e9));
  }

  private List<Trainer.Epoch> once(
      Module network, CellStore train, ToDoubleFunction<Module> score, Path folder) {
    Objective objective =
        exclusive
            ? Objective.oneClass(options.labelSmoothing())
            : Objective.anyClasses(
                Objective.classWeights(train.frequencies()), options.focalGamma());
    return new Trainer(options, objective, false, score, progress)
        .model(model)
        .fit(network, train, folder);
  }

  /**
   * The paper's two rounds: the cell stream begins with a fifth of the weight and ends with all of
   * it.
   */
  private List<Trainer.Epoch> rounds(
      Module network, CellStore train, ToDoubleFunction<Module> score, Path folder) {
    if (exclusive) {
      throw new ModelException(
          "training: "
              + model
              + " learns from images with several cells (expected: cla:"
              + model.substring(model.indexOf(':') + 1)
              + " for single cells)");
    }
    float[] weights = Objective.classWeights(train.frequencies());
    int first = Math.max(1, (int) Math.round(options.epochs() * FIRST_ROUND));
    List<Trainer.Epoch> history =
        new ArrayList<>(
            round(network, train, score, folder, 0, options.epochs(first), 0.2, weights));
    if (first < options.epochs()) {
      TrainingOptions second =
          options
              .epochs(options.epochs() - first)
              .learningRate(options.learningRate() / 2)
              .seed(options.seed() + 1);
      for (Trainer.Epoch epoch : round(network, train, score, folder, first, second, 1, weights)) {
        history.add(later(epoch, first));
      }
    }
    return history;
  }

  private List<Trainer.Epoch> round(
      Module network,
      CellStore train,
      ToDoubleFunction<Module> score,
      Path folder,
      int before,
      TrainingOptions roundOptions,
      double cellWeight,
      float[] weights) {
    Path place = folder.resolve(before == 0 ? "round1" : "round2");
    return new Trainer(
            roundOptions,
            Objective.dualStream(1, cellWeight, weights, options.focalGamma()),
            true,
            score,
            after(before))
        .model(model)
        .fit(network, train, place);
  }

  /** The progress of epochs that are counted on from those of the round before. */
  private Trainer.Progress after(int before) {
    return new Trainer.Progress() {
      @Override
      public void step(int epoch, int step, int steps, double loss) {
        progress.step(before + epoch, step, steps, loss);
      }

      @Override
      public void epoch(Trainer.Epoch epoch, List<Trainer.Epoch> history) {
        progress.epoch(later(epoch, before), history);
      }
    };
  }

  private static Trainer.Epoch later(Trainer.Epoch epoch, int before) {
    return new Trainer.Epoch(
        before + epoch.number(), epoch.loss(), epoch.score(), epoch.rate(), epoch.seconds());
  }

  /** Accuracy where a cell has one class, else the mean of the classes' average precision. */
  private double score(float[][] probabilities, CellStore cells) {
    if (exclusive) {
      return accuracy(probabilities, cells);
    }
    return Classification.of(labelled(probabilities, cells), 0.5).meanAveragePrecision();
  }

  /**
   * Probabilities of all cells.
   *
   * @param gate which classes of a DSA get the product of its streams
   */
  private float[][] probabilities(Module network, CellStore cells, CorrelationGate gate) {
    return network instanceof Dsa dsa
        ? Scoring.probabilities(dsa, cells, gate)
        : Scoring.probabilities(network, cells, exclusive);
  }

  /**
   * How much the two streams agree over the training cells, a class: what decides which classes are
   * fused.
   */
  private static double[] correlations(Dsa network, CellStore train) {
    float[][] image = Scoring.probabilities(network, train, Dsa.Stream.IMAGE);
    float[][] cell = Scoring.probabilities(network, train, Dsa.Stream.CELL);
    return CorrelationGate.fit(image, cell, CorrelationGate.PAPER_THRESHOLD).correlations();
  }

  /** Share of the cells whose most likely class is theirs. */
  public static double accuracy(float[][] probabilities, CellStore cells) {
    int right = 0;
    for (int i = 0; i < probabilities.length; i++) {
      right += largest(probabilities[i]) == largest(cells.target(i)) ? 1 : 0;
    }
    return (double) right / probabilities.length;
  }

  /** How many cells of each true class (first index) were taken for each class. */
  public static int[][] confusion(float[][] probabilities, CellStore cells) {
    int[][] counts = new int[cells.classes().size()][cells.classes().size()];
    for (int i = 0; i < probabilities.length; i++) {
      counts[largest(cells.target(i))][largest(probabilities[i])]++;
    }
    return counts;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      if (values[c] > values[best]) {
        best = c;
      }
    }
    return best;
  }

  private static LabelledScores labelled(float[][] probabilities, CellStore cells) {
    boolean[][] truth = new boolean[cells.size()][cells.classes().size()];
    for (int i = 0; i < truth.length; i++) {
      for (int c = 0; c < truth[i].length; c++) {
        truth[i][c] = cells.target(i)[c] >= 0.5f;
      }
    }
    return new LabelledScores(new ClassList("trained", cells.classes()), probabilities, truth);
  }

  private static void writeHistory(List<Trainer.Epoch> history, Path file) {
    StringBuilder table = new StringBuilder("epoch,loss,score,learningRate,seconds\n");
    for (Trainer.Epoch epoch : history) {
      table
          .append(epoch.number() + 1)
          .append(',')
          .append(epoch.loss())
          .append(',')
          .append(epoch.score())
          .append(',')
          .append(epoch.rate())
          .append(',')
          .append(epoch.seconds())
          .append('\n');
    }
    try {
      Files.writeString(file, table);
    } catch (IOException e) {
      throw new ModelException(FileErrors.unwritable(file, e), e);
    }
  }
}
