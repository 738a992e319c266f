package org.hcpl.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hcpl.nn.Module;
import org.hcpl.nn.optim.Adam;

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
  private final List<Parameter> trained = new ArrayList<>();
  private final List<NDArray> means = new ArrayList<>();
  private final List<NDArray> squares = new ArrayList<>();
  private int steps;

  /** As our step computes. */
  static LibtorchStep inFloat(TrainingStep ours, int threads) {
    return new LibtorchStep(ours, threads, DataType.FLOAT32);
  }

  /** What both should compute but for rounding. */
  static LibtorchStep inDouble(TrainingStep ours, int threads) {
    return new LibtorchStep(ours, threads, DataType.FLOAT64);
  }

  /**
   * @param threads of libtorch, for this and all later steps in the process
   */
  private LibtorchStep(TrainingStep ours, int threads, DataType type) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    int[] shape = ours.images().shape().dims();
    Shape input = new Shape(shape[0], shape[3], shape[1], shape[2]);
    model = Model.newInstance("efficientnet_b0", Device.cpu(), "PyTorch");
    model.setDataType(type);
    JniUtils.setNumThreads(threads);
    model.setBlock(LibtorchEfficientNet.b0(TrainingStep.CLASSES));
    loss = Loss.sigmoidBinaryCrossEntropyLoss();
    trainer =
        model.newTrainer(new DefaultTrainingConfig(loss).optDevices(new Device[] {Device.cpu()}));
    model.getBlock().getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .forEach(trained::add);
    copy(ours.network(), trained);
    trainer.initialize(input);
    NDManager manager = trainer.getManager();
    for (Parameter parameter : trained) {
      means.add(parameter.getArray().zerosLike());
      squares.add(parameter.getArray().zerosLike());
    }
    images = manager.create(ours.images().toNchw().toArray(), input).toType(type, false);
    labels =
        manager
            .create(ours.labels().toArray(), new Shape(shape[0], TrainingStep.CLASSES))
            .toType(type, false);
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
                return manager.create(array, shape).toType(type, false);
              });
    }
  }

  long parameterCount() {
    return trained.stream().mapToLong(parameter -> parameter.getShape().size()).sum();
  }

  /** {@link LibtorchAgreement#pass} of libtorch. */
  LibtorchAgreement.Pass pass(boolean training) {
    NDManager manager = trainer.getManager();
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      images.attach(step);
      labels.attach(step);
      try {
        List<double[]> outputs = new ArrayList<>();
        ParameterStore store = new ParameterStore(manager, false);
        NDList x = new NDList(images);
        List<Block> layers = model.getBlock().getChildren().values();
        for (int i = 0; i < layers.size(); i++) {
          x = layers.get(i).forward(store, x, training, null);
          // Our normalisations contain their activation; the pooling is no layer of ours.
          if (LibtorchEfficientNet.endsLayer(i, layers.size())) {
            outputs.add(values(x.singletonOrThrow()));
          }
        }
        NDArray mean = loss.evaluate(new NDList(labels), x);
        List<double[]> gradients = new ArrayList<>();
        if (training) {
          collector.backward(mean);
          for (Parameter parameter : trained) {
            gradients.add(values(parameter.getArray().getGradient()));
          }
          collector.zeroGradients();
        }
        return new LibtorchAgreement.Pass(values(mean)[0], outputs, gradients);
      } finally {
        images.attach(manager);
        labels.attach(manager);
      }
    }
  }

  private static double[] values(NDArray array) {
    return array.getDataType() == DataType.FLOAT64
        ? array.toDoubleArray()
        : LibtorchAgreement.doubles(array.toFloatArray());
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
          value = values(mean)[0];
          collector.backward(mean);
        }
        update();
        return value;
      } finally {
        images.attach(manager);
        labels.attach(manager);
      }
    }
  }

  /**
   * Adam as PyTorch's. DJL's own optimizer leaves eps without the correction that it gives the root
   * of the second moment, which at the first step is an eps of 3e-7 instead of 1e-8; and its
   * trainer copies each gradient first.
   */
  private void update() {
    Adam.Options options = Adam.Options.DEFAULT;
    steps++;
    double rate = TrainingStep.LEARNING_RATE;
    double root = Math.sqrt(1 - Math.pow(options.beta2(), steps));
    double corrected = rate * root / (1 - Math.pow(options.beta1(), steps));
    for (int i = 0; i < trained.size(); i++) {
      NDArray weights = trained.get(i).getArray();
      weights
          .getNDArrayInternal()
          .adamUpdate(
              new NDList(weights, weights.getGradient(), means.get(i), squares.get(i)),
              new NDList(weights),
              (float) rate,
              (float) corrected,
              0,
              1,
              -1,
              (float) options.beta1(),
              (float) options.beta2(),
              (float) (options.eps() * root),
              false,
              false);
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
