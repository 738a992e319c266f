package org.hcpl.train.examples;

import java.util.Arrays;
import java.util.List;
import org.hcpl.models.Models;
import org.hcpl.models.localise.CellBox;
import org.hcpl.models.localise.CellCrops;
import org.hcpl.nn.Module;
import org.hcpl.nn.loss.BinaryCrossEntropy;
import org.hcpl.nn.optim.Adam;
import org.hcpl.nn.optim.AdamW;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;
import org.hcpl.train.atlas.AtlasOptions;
import org.hcpl.train.atlas.SyntheticAtlas;
import org.hcpl.train.atlas.SyntheticImage;

/** Training with nothing hidden: nucleoplasm or cytosol, learnt from drawn cells. */
public class TrainByHand {
  private static final int SIDE = 32;

  public static void main(String[] args) {
    System.out.println("loss by epoch: " + Arrays.toString(train(10)));
  }

  static double[] train(int epochs) {
    AtlasOptions small = AtlasOptions.of(6, 1).withSize(128).withCells(4, 6).withPixelSize(0.64);
    AtlasOptions two = small.withClasses(List.of(0, 16)).withLabels(1, 0).withAbsence(0);
    SyntheticAtlas atlas = new SyntheticAtlas(two);
    Module network = Models.create("cla:efficientnet_b0@tiny", 4, 2);
    network.initialise(Rng.of(1));
    AdamW optimizer = new AdamW(network.namedParameters(), 3e-3, Adam.Options.DEFAULT);
    double[] losses = new double[epochs];
    network.train();
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int i = 0; i < atlas.size(); i++) {
        SyntheticImage drawn = atlas.image(i);
        List<CellBox> boxes = CellBox.of(drawn.cells());
        float[] pixels = new float[boxes.size() * SIDE * SIDE * 4];
        float[] labels = new float[boxes.size() * 2];
        for (int k = 0; k < boxes.size(); k++) {
          float[] crop = CellCrops.cut(drawn.image().planes(), drawn.cells(), boxes.get(k), SIDE);
          System.arraycopy(crop, 0, pixels, k * crop.length, crop.length);
          int label = drawn.cellLabels().get(boxes.get(k).label() - 1).contains(0) ? 0 : 1;
          labels[2 * k + label] = 1;
        }
        try (Scope scope = Scope.open()) {
          Tensor logits = network.apply(Tensor.of(pixels, boxes.size(), SIDE, SIDE, 4));
          Tensor loss = BinaryCrossEntropy.DEFAULT.loss(logits, Tensor.of(labels, boxes.size(), 2));
          optimizer.clearGrads();
          loss.backward();
          optimizer.step();
          losses[epoch] += loss.item() / atlas.size();
        }
      }
    }
    return losses;
  }
}
