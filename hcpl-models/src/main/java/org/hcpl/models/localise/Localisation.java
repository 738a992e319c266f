package org.hcpl.models.localise;

import java.util.List;
import org.hcpl.models.image.ImageException;
import org.hcpl.models.image.LabelImage;

/**
 * Where the protein of an image is.
 *
 * @param id of the image
 * @param classes the names of the classes, in the order of all probabilities
 * @param cellMask the pixels of each cell, null where the network looks at whole images
 * @param nucleusMask the pixels of each nucleus, numbered as the cells; null where there is none
 * @param cells the cells by rising number; empty where the network looks at whole images
 * @param image probabilities of the whole image, one a class; null where the network looks at cells
 *     alone
 * @throws ImageException if a probability is no number
 */
public record Localisation(
    String id,
    List<String> classes,
    LabelImage cellMask,
    LabelImage nucleusMask,
    List<LocalisedCell> cells,
    float[] image) {
  public Localisation {
    classes = List.copyOf(classes);
    cells = List.copyOf(cells);
    cells.forEach(cell -> check(id, cell.probabilities()));
    if (image != null) {
      check(id, image);
    }
  }

  private static void check(String id, float[] probabilities) {
    for (float probability : probabilities) {
      if (!Float.isFinite(probability)) {
        throw new ImageException(
            id
                + ": the network says "
                + probability
                + " (expected: probabilities)\nhelp: its weights are too large; train it anew with"
                + " a lower learning rate");
      }
    }
  }
}
