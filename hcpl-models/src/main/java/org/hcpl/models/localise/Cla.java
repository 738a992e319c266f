package org.hcpl.models.localise;

import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.backbone.Backbone;
import org.hcpl.nn.Dropout;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Tensor;

/**
 * CLA, the cell-level network with learnable activation pooling (Husain et al., "Hybrid subCellular
 * Protein Localiser", 2023, Methods): feature maps of a backbone go through the Weibull activation,
 * global average pooling and power normalisation to a descriptor, and that through a linear layer.
 *
 * <p>The paper ends its networks with softmax and trains them with binary cross-entropy on several
 * labels at once. The two do not fit together: softmax makes classes exclude one another. The
 * logits here are meant for a sigmoid each, as the labels demand.
 */
public final class Cla extends Module {
  /** Makes a localiser of a backbone's name. */
  public static final String PREFIX = "cla:";

  private final DescriptorNet descriptors;
  private final Dropout dropout;
  private final Linear linear;

  Cla(Backbone backbone, ModelOptions options) {
    descriptors = child("descriptors", new DescriptorNet(backbone));
    dropout = child("drop", new Dropout(options.dropRate()));
    linear = child("fc", new Linear(backbone.featureChannels(), options.classes()));
  }

  /** Cells {@code [N, H, W, C]} to logits {@code [N, classes]}. */
  @Override
  public Tensor forward(Tensor cells) {
    return linear.apply(dropout.apply(descriptors.apply(cells)));
  }

  /** Cells {@code [N, H, W, C]} to descriptors {@code [N, D]}, as for embeddings. */
  public Tensor descriptors(Tensor cells) {
    return descriptors.apply(cells);
  }

  /** The definition on a backbone. */
  public static ModelSpec spec(ModelSpec base) {
    return DescriptorNet.spec(PREFIX, "CLA", base, Cla::new);
  }
}
