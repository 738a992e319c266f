package org.hcpl.models.localise;

import java.util.List;
import org.hcpl.models.ModelFile;
import org.hcpl.models.image.Plane;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Tensor;

/**
 * Probabilities of whole images by a network that looks at such: of the scaled image, or the mean
 * over windows.
 */
final class ImageProbabilities {
  private final ModelFile.Description description;
  private final Module network;

  ImageProbabilities(ModelFile.Description description, Module network) {
    this.description = description;
    this.network = network;
  }

  /** One probability a class, from planes of one size. */
  float[] of(List<Plane> planes) {
    int side = description.side();
    if (!description.preprocessing().windows()) {
      float[] whole = CellCrops.whole(planes, side);
      description.contrast().apply(whole, 0, side * side, planes.size());
      return run(whole, side, side, planes.size());
    }
    int height = planes.get(0).height();
    int width = planes.get(0).width();
    double[] sum = new double[description.classes().size()];
    int[] tops = starts(height, side);
    int[] lefts = starts(width, side);
    for (int top : tops) {
      for (int left : lefts) {
        int h = Math.min(side, height);
        int w = Math.min(side, width);
        float[] probabilities = run(window(planes, top, left, h, w), h, w, planes.size());
        for (int c = 0; c < sum.length; c++) {
          sum[c] += probabilities[c];
        }
      }
    }
    float[] mean = new float[sum.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) (sum[c] / (tops.length * lefts.length));
    }
    return mean;
  }

  /** As few windows as cover a length, evenly spread; a length below a window is one of its own. */
  static int[] starts(int length, int side) {
    int count = (length + side - 1) / side;
    int[] starts = new int[count];
    for (int i = 1; i < count; i++) {
      starts[i] = (int) ((long) i * (length - side) / (count - 1));
    }
    return starts;
  }

  private static float[] window(List<Plane> planes, int top, int left, int h, int w) {
    int channels = planes.size();
    float[] values = new float[h * w * channels];
    for (int c = 0; c < channels; c++) {
      Plane plane = planes.get(c);
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          values[(y * w + x) * channels + c] = plane.at(top + y, left + x);
        }
      }
    }
    return values;
  }

  private float[] run(float[] values, int h, int w, int channels) {
    try (Grad.Mode mode = Grad.off();
        Scope scope = Scope.open()) {
      Tensor logits = network.apply(Tensor.of(values, 1, h, w, channels));
      return (description.exclusive() ? logits.softmax(-1) : logits.sigmoid()).toArray();
    }
  }
}
