package org.hcpl.nn;

import org.hcpl.tensor.ShapeException;
import org.hcpl.tensor.Tensor;

/**
 * The two classifiers of HCPL's dual-stream network over bags of cell descriptors {@code [B, N,
 * D]}: the image stream takes the largest value of each descriptor entry over the N cells of an
 * image, then {@code fc1}; the cell stream applies {@code fc2} to every cell.
 *
 * <p>The paper writes a softmax after both and trains with binary cross-entropy on several labels
 * an image; the two do not fit together, so both streams give logits and sigmoids follow.
 */
public final class DualStreamHead extends Module {
  private final Linear imageClassifier;
  private final Linear cellClassifier;

  /**
   * @param descriptor D
   * @param classes K
   */
  public DualStreamHead(int descriptor, int classes) {
    this.imageClassifier = child("fc1", new Linear(descriptor, classes));
    this.cellClassifier = child("fc2", new Linear(descriptor, classes));
  }

  /**
   * What the two streams say.
   *
   * @param image logits of the images, {@code [B, K]}
   * @param cells logits of the cells, {@code [B, N, K]}
   */
  public record Streams(Tensor image, Tensor cells) {
    /** The product of both streams' probabilities, a cell, {@code [B, N, K]}. */
    public Tensor fused() {
      Tensor whole = image.sigmoid();
      return cells.sigmoid().mul(whole.reshape(whole.dim(0), 1, whole.dim(1)));
    }
  }

  /**
   * Both streams' logits.
   *
   * @param descriptors {@code [B, N, D]}
   */
  public Streams streams(Tensor descriptors) {
    if (descriptors.rank() != 3 || descriptors.dim(1) == 0) {
      throw new ShapeException(
          "dualStreamHead: descriptors "
              + descriptors.shape()
              + " (expected: [B, N, D] with at least one cell)");
    }
    Tensor bag = descriptors.max(false, 1);
    return new Streams(imageClassifier.apply(bag), cellClassifier.apply(descriptors));
  }

  /** The fused probabilities of the cells, {@code [B, N, D] -> [B, N, K]}. */
  @Override
  public Tensor forward(Tensor x) {
    return streams(x).fused();
  }
}
