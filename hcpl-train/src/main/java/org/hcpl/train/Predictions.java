package org.hcpl.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hcpl.models.localise.Localisation;
import org.hcpl.models.localise.LocalisedCell;
import org.hcpl.train.metric.ImageInstances;
import org.hcpl.train.metric.Instance;
import org.hcpl.train.metric.Mask;

/** Localisations in the contest's form. */
public final class Predictions {
  private Predictions() {}

  /** An instance for each cell and class, with the class's probability as its confidence. */
  public static ImageInstances instances(Localisation found) {
    Map<Integer, Mask> masks = Mask.ofAll(found.cellMask());
    List<Instance> instances = new ArrayList<>();
    for (LocalisedCell cell : found.cells()) {
      for (int c = 0; c < cell.probabilities().length; c++) {
        instances.add(new Instance(c, cell.probabilities()[c], masks.get(cell.box().label())));
      }
    }
    return new ImageInstances(
        found.id(), found.cellMask().height(), found.cellMask().width(), instances);
  }
}
