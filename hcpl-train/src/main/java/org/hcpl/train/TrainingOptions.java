package org.hcpl.train;

import org.hcpl.tensor.TensorException;
import org.hcpl.train.data.Augmentation;

/**
 * How a network is trained; change one thing with the method of its name. Defaults follow the HCPL
 * paper where it states something (Adam, cosine annealing, 2e-4) and common practice where it does
 * not.
 *
 * @param epochs passes over the data
 * @param batchSize cells a step; for networks that learn from bags, about as many, in whole images
 * @param cellsPerBag cells of an image that a bag holds at most (the paper: 20)
 * @param learningRate peak of the schedule
 * @param warmUpEpochs linear rise before the cosine
 * @param weightDecay decoupled, of AdamW
 * @param clipNorm limit of the gradients' global norm; 0 for none
 * @param averageDecay decay a step of the running average of weights that is evaluated and kept; 0
 *     for none
 * @param labelSmoothing share of the probability spread over all classes, where each cell has one
 * @param focalGamma exponent of the focal loss, where cells have several labels; 0 for plain binary
 *     cross-entropy
 * @param patience epochs without a better validation score after which training ends; 0 for never
 * @param checkpointMinutes time between checkpoints within an epoch; there is one after each epoch
 *     anyway
 * @param seed of initial weights, order, augmentation and dropout
 * @param augmentation random changes of cells
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    int cellsPerBag,
    double learningRate,
    double warmUpEpochs,
    double weightDecay,
    double clipNorm,
    double averageDecay,
    double labelSmoothing,
    double focalGamma,
    int patience,
    double checkpointMinutes,
    long seed,
    Augmentation augmentation) {
  /** 20 epochs of 32 cells a step, peak rate 2e-4, without average and patience, seed 1. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(20, 32, 20, 2e-4, 0.5, 1e-4, 5, 0, 0, 0, 0, 5, 1, Augmentation.STANDARD);

  public TrainingOptions {
    check("epochs", epochs, epochs >= 1, ">= 1");
    check("batchSize", batchSize, batchSize >= 1, ">= 1");
    check("cellsPerBag", cellsPerBag, cellsPerBag >= 1, ">= 1");
    check("learningRate", learningRate, learningRate > 0 && Double.isFinite(learningRate), "> 0");
    check("warmUpEpochs", warmUpEpochs, warmUpEpochs >= 0, ">= 0");
    check("weightDecay", weightDecay, weightDecay >= 0, ">= 0");
    check("clipNorm", clipNorm, clipNorm >= 0, ">= 0");
    check("averageDecay", averageDecay, averageDecay >= 0 && averageDecay < 1, "in [0, 1)");
    check("labelSmoothing", labelSmoothing, labelSmoothing >= 0 && labelSmoothing < 1, "in [0, 1)");
    check("focalGamma", focalGamma, focalGamma >= 0, ">= 0");
    check("patience", patience, patience >= 0, ">= 0");
    check("checkpointMinutes", checkpointMinutes, checkpointMinutes > 0, "> 0");
  }

  private static void check(String name, double value, boolean fine, String expected) {
    if (!fine || Double.isInfinite(value)) {
      throw new TensorException(
          "training: " + name + " " + value + " (expected: " + expected + ")");
    }
  }

  public TrainingOptions epochs(int value) {
    return new TrainingOptions(
        value,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions batchSize(int value) {
    return new TrainingOptions(
        epochs,
        value,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions cellsPerBag(int value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        value,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions learningRate(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        value,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions warmUpEpochs(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        value,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions weightDecay(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        value,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions clipNorm(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        value,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions averageDecay(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        value,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions labelSmoothing(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        value,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions focalGamma(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        value,
        patience,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions patience(int value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        value,
        checkpointMinutes,
        seed,
        augmentation);
  }

  public TrainingOptions checkpointMinutes(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        value,
        seed,
        augmentation);
  }

  public TrainingOptions seed(long value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        value,
        augmentation);
  }

  public TrainingOptions augmentation(Augmentation value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        cellsPerBag,
        learningRate,
        warmUpEpochs,
        weightDecay,
        clipNorm,
        averageDecay,
        labelSmoothing,
        focalGamma,
        patience,
        checkpointMinutes,
        seed,
        value);
  }
}
