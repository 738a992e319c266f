package org.hcpl.models.localise;

/**
 * A cell and where its protein is.
 *
 * @param box where it lies, its number in the label image, its area, and whether the border of the
 *     image cuts it
 * @param probabilities one a class
 */
public record LocalisedCell(CellBox box, float[] probabilities) {
  /** The class with the largest probability. */
  public int mostLikely() {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        best = c;
      }
    }
    return best;
  }
}
