package org.hcpl.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.nn.Module;

/**
 * The step of {@link TrainingStep} by libtorch through DJL: the same definition, initial weights,
 * batch, loss and optimizer. The native library comes from a jar; nothing is downloaded.
 */
final class LibtorchStep implements AutoCloseable {
  private final Model model;
  private final Trainer trainer;
  private final Loss loss;
  private final NDArray images;
  private final NDArray labels;
  private final long parameterCount;

  /**
   * @param threads of libtorch, for this and all later steps in the process
   */
  LibtorchStep(TrainingStep ours, int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    int[] shape = ours.images().shape().dims();
    Shape input = new Shape(shape[0], shape[3], shape[1], shape[2]);
    model = Model.newInstance("efficientnet_b0", Device.cpu(), "PyTorch");
    JniUtils.setNumThreads(threads);
    model.setBlock(LibtorchEfficientNet.b0(TrainingStep.CLASSES));
    loss = Loss.sigmoidBinaryCrossEntropyLoss();
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(
                    Adam.builder()
                        .optLearningRateTracker(Tracker.fixed((float) TrainingStep.LEARNING_RATE))
                        .build()));
    List<Parameter> trained = new ArrayList<>();
    model.getBlock().getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .forEach(trained::add);
    copy(ours.network(), trained);
    trainer.initialize(input);
    parameterCount = trained.stream().mapToLong(p -> p.getShape().size()).sum();
    NDManager manager = trainer.getManager();
    images = manager.create(ours.images().toNchw().toArray(), input);
    labels = manager.create(ours.labels().toArray(), new Shape(shape[0], TrainingStep.CLASSES));
  }

  private static void copy(Module from, List<Parameter> to) {
    List<org.hcpl.nn.Parameter> values = from.parameters();
    if (values.size() != to.size()) {
      throw new IllegalStateException(
          "training step: " + to.size() + " parameters in DJL (expected: " + values.size() + ")");
    }
    for (int i = 0; i < values.size(); i++) {
      org.hcpl.nn.Parameter source = values.get(i);
      float[] array = source.layout().toDisk(source.value().toArray(), source.shape());
      long[] dims =
          Arrays.stream(source.layout().toDisk(source.shape()).dims()).asLongStream().toArray();
      to.get(i)
          .setInitializer(
              (manager, shape, type) -> {
                if (!Arrays.equals(shape.getShape(), dims)) {
                  throw new IllegalStateException(
                      "training step: "
                          + source.name()
                          + " is "
                          + shape
                          + " in DJL (expected: "
                          + Arrays.toString(dims)
                          + ")");
                }
                return manager.create(array, shape);
              });
    }
  }

  long parameterCount() {
    return parameterCount;
  }

  /** Does one step; returns the loss before its update. */
  double run() {
    NDManager manager = trainer.getManager();
    try (NDManager step = manager.newSubManager()) {
      // What is computed belongs to the manager of its inputs, and goes with it.
      images.attach(step);
      labels.attach(step);
      try {
        double value;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList logits = trainer.forward(new NDList(images));
          NDArray mean = loss.evaluate(new NDList(labels), logits);
          value = mean.getFloat();
          collector.backward(mean);
        }
        trainer.step();
        return value;
      } finally {
        images.attach(manager);
        labels.attach(manager);
      }
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
