package org.hcpl.train.atlas;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.localise.ClassList;
import org.hcpl.train.metric.ImageInstances;
import org.hcpl.train.metric.Instance;
import org.hcpl.train.metric.Mask;

/**
 * An image of the synthetic atlas and all that is true of it.
 *
 * @param image its four channels, as an 8-bit file holds them
 * @param cells cell k's pixels have the value k, from 1
 * @param nuclei nuclei with the value of their cell
 * @param labels what the image is labelled as: the union of its cells' labels. Negative is among
 *     them only if no cell has another
 * @param cellLabels labels of cell k at index k - 1
 */
public record SyntheticImage(
    HpaImage image,
    LabelImage cells,
    LabelImage nuclei,
    List<Integer> labels,
    List<List<Integer>> cellLabels) {
  private static final List<Integer> VERIFIED =
      IntStream.range(0, ClassList.HPA_2021.size()).boxed().toList();

  public SyntheticImage {
    labels = List.copyOf(labels);
    cellLabels = List.copyOf(cellLabels);
  }

  /**
   * The truth as the contest's metric takes it: an instance for each cell and label. All classes
   * are verified, since it is known of each whether a cell has it: a prediction of a class that the
   * image does not have is wrong.
   */
  public ImageInstances truth() {
    List<Instance> instances = new ArrayList<>();
    Mask.ofAll(cells)
        .forEach(
            (cell, mask) ->
                cellLabels
                    .get(cell - 1)
                    .forEach(label -> instances.add(new Instance(label, 1, mask))));
    return new ImageInstances(image.id(), cells.height(), cells.width(), VERIFIED, instances);
  }
}
