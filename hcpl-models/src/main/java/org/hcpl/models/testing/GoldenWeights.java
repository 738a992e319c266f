package org.hcpl.models.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.ModelException;
import org.hcpl.nn.Module;
import org.hcpl.nn.StateDict;
import org.hcpl.tensor.io.NamedArray;
import org.hcpl.tensor.testing.GoldenModel;

/** Compares the state dict of a network with that of a reference file, and fills it by formula. */
final class GoldenWeights {
  private GoldenWeights() {}

  /**
   * Sets every parameter and buffer.
   *
   * @throws ModelException if names, their order or shapes differ, with the first difference
   */
  static void fill(Module network, GoldenModel golden) {
    String difference =
        difference(new ArrayList<>(StateDict.of(network).values()), golden.entries());
    if (difference != null) {
      throw new ModelException("state dict: " + difference);
    }
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    for (GoldenModel.Entry entry : golden.entries()) {
      arrays.put(entry.name(), new NamedArray(entry.name(), entry.shape(), entry.values()));
    }
    StateDict.load(network, arrays, StateDict.Mode.STRICT);
  }

  private static String difference(List<NamedArray> own, List<GoldenModel.Entry> expected) {
    for (int i = 0; i < Math.max(own.size(), expected.size()); i++) {
      if (i >= own.size()) {
        return "entry " + i + " is missing (expected: " + expected.get(i).name() + ")";
      }
      NamedArray array = own.get(i);
      if (i >= expected.size() || !array.name().equals(expected.get(i).name())) {
        return "entry "
            + i
            + " is "
            + array.name()
            + " (expected: "
            + (i < expected.size() ? expected.get(i).name() : "no more")
            + ")";
      }
      int[] shape = expected.get(i).shape();
      if (!Arrays.equals(array.shape(), shape)) {
        return array.name()
            + " has shape "
            + Arrays.toString(array.shape())
            + " (expected: "
            + Arrays.toString(shape)
            + ")";
      }
    }
    return null;
  }
}
