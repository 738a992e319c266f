package org.hcpl.nn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hcpl.nn.Layout;
import org.hcpl.nn.Module;
import org.hcpl.nn.Parameter;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.nn.loss.CrossEntropy;
import org.hcpl.nn.loss.FocalLoss;
import org.hcpl.nn.loss.Reduction;
import org.hcpl.nn.optim.Adam;
import org.hcpl.nn.optim.AdamW;
import org.hcpl.nn.optim.GradientClipping;
import org.hcpl.nn.optim.Optimizer;
import org.hcpl.nn.optim.Schedule;
import org.hcpl.nn.optim.Sgd;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.testing.GoldenArray;
import org.hcpl.tensor.testing.GoldenLayers;

/** Cases of losses, optimisers, schedules and gradient clipping. */
final class TrainingCases {
  private TrainingCases() {}

  static void addTo(Map<String, LayerCase> cases) {
    cases.put("bce_with_logits", TrainingCases::binaryCrossEntropy);
    cases.put("focal", TrainingCases::focal);
    cases.put("cross_entropy", TrainingCases::crossEntropy);
    cases.put("optimizer", TrainingCases::optimizer);
    cases.put("schedule", TrainingCases::schedule);
    cases.put("clip_grad_norm", TrainingCases::clipping);
  }

  private static Reduction reduction(LayerRun run) {
    return Reduction.valueOf(run.golden().textParam("reduction").toUpperCase(Locale.ROOT));
  }

  private static void binaryCrossEntropy(LayerRun run) {
    BinaryCrossEntropy loss =
        new BinaryCrossEntropy(
            run.plainOrNull("weight"), run.plainOrNull("pos_weight"), reduction(run));
    run.plainResult(loss.loss(run.plain("x"), run.plain("target")));
  }

  private static void focal(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    FocalLoss loss =
        new FocalLoss(golden.numberParam("alpha"), golden.numberParam("gamma"), reduction(run));
    run.plainResult(loss.loss(run.plain("x"), run.plain("target")));
  }

  private static void crossEntropy(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    CrossEntropy loss =
        CrossEntropy.DEFAULT
            .labelSmoothing(golden.numberParam("label_smoothing"))
            .ignoreIndex(golden.intParam("ignore_index"))
            .reduction(reduction(run));
    if (golden.inputs().containsKey("weight")) {
      loss = loss.classWeights(run.plain("weight").toArray());
    }
    run.plainResult(loss.loss(run.plain("x"), golden.intsParam("target")));
  }

  /** A module that is nothing but parameters, as an optimiser sees a network. */
  private static final class Bag extends Module {
    Parameter add(String name, Tensor value) {
      Parameter parameter = parameter(name, Layout.PLAIN, value.shape().dims());
      parameter.set(value);
      return parameter;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  private static void optimizer(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    Bag bag = new Bag();
    Parameter p = bag.add("p", run.tensor(golden.input("p")));
    Optimizer optimizer = optimizer(golden, bag.namedParameters());
    double[][] expected = golden.outputRows("p_after_each_step");
    double[][] gradients = golden.inputRows("grads");
    for (int step = 0; step < gradients.length; step++) {
      p.value().setGrad(Tensor.of(run.floats(gradients[step]), p.shape()));
      optimizer.step();
      run.compare("p after step " + (step + 1), p.value().toArray(), expected[step]);
    }
  }

  private static Optimizer optimizer(GoldenLayers.Case golden, Map<String, Parameter> parameters) {
    double rate = golden.numberParam("lr");
    String kind = golden.textParam("kind");
    if (kind.equals("sgd")) {
      Sgd.Options options =
          Sgd.Options.DEFAULT
              .momentum(number(golden, "momentum"))
              .nesterov(golden.flagParam("nesterov"))
              .weightDecay(number(golden, "weight_decay"));
      return new Sgd(parameters, rate, options);
    }
    double[] betas = golden.numbersParam("betas");
    Adam.Options options =
        Adam.Options.DEFAULT
            .betas(betas[0], betas[1])
            .eps(golden.numberParam("eps"))
            .weightDecay(number(golden, "weight_decay"));
    return switch (kind) {
      case "adam" -> new Adam(parameters, rate, options);
      case "adamw" -> new AdamW(parameters, rate, options);
      default -> throw new TensorException(golden.name() + ": unknown optimiser '" + kind + "'");
    };
  }

  private static double number(GoldenLayers.Case golden, String key) {
    return golden.hasParam(key) ? golden.numberParam(key) : 0;
  }

  private static void schedule(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    String kind = golden.textParam("kind");
    if (!kind.equals("cosine")) {
      throw new TensorException(golden.name() + ": unknown schedule '" + kind + "'");
    }
    Schedule schedule =
        Schedule.cosine(
            golden.numberParam("lr"), golden.numberParam("T_max"), golden.numberParam("eta_min"));
    double[] expected = golden.outputNumbers("lr_per_epoch");
    double[] found = new double[expected.length];
    for (int epoch = 0; epoch < found.length; epoch++) {
      found[epoch] = schedule.at(epoch);
    }
    run.compare("lr_per_epoch", found, expected);
  }

  private static void clipping(LayerRun run) {
    GoldenLayers.Case golden = run.golden();
    Bag bag = new Bag();
    List<Parameter> parameters = new ArrayList<>();
    for (GoldenArray gradient : golden.inputArrays("grads")) {
      Tensor values = run.tensor(gradient);
      Parameter parameter = bag.add("p" + parameters.size(), values);
      parameter.value().setGrad(values);
      parameters.add(parameter);
    }
    double norm = GradientClipping.byGlobalNorm(parameters, golden.numberParam("max_norm"));
    run.compare(
        "total_norm", new double[] {norm}, new double[] {golden.outputNumber("total_norm")});
    List<GoldenArray> expected = golden.outputArrays("grads");
    for (int i = 0; i < expected.size(); i++) {
      run.compare("grads " + i, parameters.get(i).grad().toArray(), expected.get(i).values());
    }
  }
}
