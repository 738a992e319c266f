package org.hcpl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.hcpl.models.localise.Bags;
import org.hcpl.models.localise.CorrelationGate;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.TensorException;
import org.hcpl.train.data.CellStore;

/** Runs a network over stored cells in evaluation mode. */
public final class Scoring {
  private static final int BATCH = 64;

  private Scoring() {}

  /**
   * Probabilities {@code [cells][classes]}.
   *
   * @param oneClass softmax over the classes instead of a sigmoid each
   */
  public static float[][] probabilities(Module network, CellStore cells, boolean oneClass) {
    return probabilities(network, cells, oneClass, 1);
  }

  /**
   * Probabilities {@code [cells][classes]}, the mean over several views of each cell.
   *
   * @param oneClass softmax over the classes instead of a sigmoid each
   * @param views 1 for the cell as it is, up to 8 with its mirror images and quarter turns
   */
  public static float[][] probabilities(
      Module network, CellStore cells, boolean oneClass, int views) {
    if (views < 1 || views > 8) {
      throw new TensorException("scoring: " + views + " views (expected: 1 to 8)");
    }
    return evaluate(
        network,
        () -> {
          float[][] result = new float[cells.size()][];
          for (int start = 0; start < cells.size(); start += BATCH) {
            int count = Math.min(BATCH, cells.size() - start);
            try (Scope scope = Scope.open()) {
              Tensor x = read(cells, start, count);
              Tensor sum = null;
              for (int view = 0; view < views; view++) {
                Tensor logits = network.apply(view(x, view));
                Tensor p = oneClass ? logits.softmax(-1) : logits.sigmoid();
                sum = sum == null ? p : sum.add(p);
              }
              unpack(sum.mul(1.0 / views), result, start);
            }
          }
          return result;
        });
  }

  /** One of the eight mirror images and quarter turns of squares {@code [N, S, S, C]}. */
  private static Tensor view(Tensor x, int number) {
    Tensor result = x;
    if ((number & 1) != 0) {
      result = result.flip(1);
    }
    if ((number & 2) != 0) {
      result = result.flip(2);
    }
    return (number & 4) != 0 ? result.transpose(1, 2) : result;
  }

  /** Probabilities {@code [cells][classes]} of a DSA, its streams fused as a gate says. */
  static float[][] probabilities(Dsa network, CellStore cells, CorrelationGate gate) {
    return probabilities(network, cells, gate::fuse);
  }

  /** Probabilities {@code [cells][classes]} of a DSA by one of its streams, or by both. */
  public static float[][] probabilities(Dsa network, CellStore cells, Dsa.Stream stream) {
    return switch (stream) {
      case CELL -> probabilities(network, cells, (image, cell) -> cell);
      case IMAGE -> probabilities(network, cells, (image, cell) -> image.clone());
      case FUSED ->
          probabilities(network, cells, CorrelationGate.productOf(cells.classes().size()));
    };
  }

  /** Of a DSA, of each image's and each of its cells' probabilities what {@code fuse} makes. */
  private static float[][] probabilities(
      Dsa network, CellStore cells, BinaryOperator<float[]> fuse) {
    return evaluate(
        network,
        () -> {
          float[][] result = new float[cells.size()][];
          for (int[] bag : cells.bags()) {
            try (Scope scope = Scope.open()) {
              List<Tensor> parts = new ArrayList<>();
              for (int start = 0; start < bag.length; start += BATCH) {
                parts.add(
                    network.descriptors(
                        read(cells, bag[0] + start, Math.min(BATCH, bag.length - start))));
              }
              Dsa.Streams streams = network.streamsOf(Tensor.concat(0, parts), Bags.of(bag.length));
              float[] image = streams.images().sigmoid().toArray();
              unpack(streams.cells().sigmoid(), result, bag[0]);
              for (int cell : bag) {
                result[cell] = fuse.apply(image, result[cell]);
              }
            }
          }
          return result;
        });
  }

  /** Descriptors {@code [cells, D]} of all cells. */
  static Tensor descriptors(Dsa network, CellStore cells) {
    return evaluate(
        network,
        () -> {
          List<Tensor> parts = new ArrayList<>();
          for (int start = 0; start < cells.size(); start += BATCH) {
            try (Scope scope = Scope.open()) {
              int count = Math.min(BATCH, cells.size() - start);
              parts.add(network.descriptors(read(cells, start, count)).keep());
            }
          }
          return Tensor.concat(0, parts);
        });
  }

  private static <T> T evaluate(Module network, Supplier<T> run) {
    boolean training = network.isTraining();
    network.eval();
    try (Grad.Mode mode = Grad.off()) {
      return run.get();
    } finally {
      if (training) {
        network.train();
      }
    }
  }

  private static Tensor read(CellStore cells, int start, int count) {
    float[] pixels = new float[count * cells.valuesPerCell()];
    for (int i = 0; i < count; i++) {
      cells.read(start + i, pixels, i * cells.valuesPerCell());
    }
    return Tensor.of(pixels, Shape.of(count, cells.side(), cells.side(), cells.channels()));
  }

  private static void unpack(Tensor rows, float[][] to, int start) {
    float[] values = rows.toArray();
    int width = rows.dim(1);
    for (float value : values) {
      if (Float.isNaN(value)) {
        throw new TensorException(
            "scoring: the network says NaN (expected: probabilities)\nhelp: train it anew with a"
                + " lower learning rate or weight decay, in another output folder");
      }
    }
    for (int i = 0; i < rows.dim(0); i++) {
      to[start + i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
    }
  }
}
