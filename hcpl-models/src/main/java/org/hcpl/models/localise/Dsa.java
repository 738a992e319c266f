package org.hcpl.models.localise;

import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.backbone.Backbone;
import org.hcpl.nn.Dropout;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Tensor;

/**
 * DSA, the dual-stream network (Husain et al., "Hybrid subCellular Protein Localiser", 2023,
 * Methods): every cell of an image gets a descriptor as in {@link Cla}; the image stream classifies
 * the maximum of the descriptors of the image's cells, the cell stream each descriptor.
 *
 * <p>Logits are meant for a sigmoid each; see {@link Cla} on the paper's softmax.
 */
public final class Dsa extends Module {
  /** Makes a localiser of a backbone's name. */
  public static final String PREFIX = "dsa:";

  private final DescriptorNet descriptors;
  private final Dropout dropout;
  private final Linear imageLinear;
  private final Linear cellLinear;

  Dsa(Backbone backbone, ModelOptions options) {
    descriptors = child("descriptors", new DescriptorNet(backbone));
    dropout = child("drop", new Dropout(options.dropRate()));
    imageLinear = child("fc1", new Linear(backbone.featureChannels(), options.classes()));
    cellLinear = child("fc2", new Linear(backbone.featureChannels(), options.classes()));
  }

  /** What a cell's probabilities come from. */
  public enum Stream {
    /** The cell alone. */
    CELL,
    /** The image that the cell is from, the same for all of its cells. */
    IMAGE,
    /** Both. */
    FUSED
  }

  /**
   * What both streams say.
   *
   * @param images logits {@code [images, classes]}
   * @param cells logits {@code [cells, classes]}
   */
  public record Streams(Tensor images, Tensor cells) {}

  /**
   * Runs both streams.
   *
   * @param cells the cells of all images {@code [cells, H, W, C]}, those of an image together
   * @param bags which cells belong to which image; images may have different numbers of cells
   */
  public Streams streams(Tensor cells, Bags bags) {
    return streamsOf(descriptors.apply(cells), bags);
  }

  /** Runs both streams on descriptors {@code [cells, D]} that were computed before, in parts. */
  public Streams streamsOf(Tensor cellDescriptors, Bags bags) {
    return new Streams(
        imageLinear.apply(dropout.apply(bags.max(cellDescriptors))),
        cellLinear.apply(dropout.apply(cellDescriptors)));
  }

  /** The cell stream alone: cells {@code [N, H, W, C]} to logits {@code [N, classes]}. */
  @Override
  public Tensor forward(Tensor cells) {
    return cellLinear.apply(dropout.apply(descriptors.apply(cells)));
  }

  /** Cells {@code [N, H, W, C]} to descriptors {@code [N, D]}. */
  public Tensor descriptors(Tensor cells) {
    return descriptors.apply(cells);
  }

  /** The definition on a backbone. */
  public static ModelSpec spec(ModelSpec base) {
    return DescriptorNet.spec(PREFIX, "DSA", base, Dsa::new);
  }
}
