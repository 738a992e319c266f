package org.hcpl.models.localise;

import java.util.function.BiFunction;
import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.Models;
import org.hcpl.models.backbone.Backbone;
import org.hcpl.nn.GlobalPool;
import org.hcpl.nn.Module;
import org.hcpl.nn.PowerNorm;
import org.hcpl.nn.Weibull;
import org.hcpl.tensor.Tensor;

/**
 * What CLA and DSA share: backbone, Weibull activation, global average pooling, power
 * normalisation; cells {@code [N, H, W, C]} to descriptors {@code [N, D]}.
 */
final class DescriptorNet extends Module {
  private final Backbone backbone;
  private final Module weibull;
  private final Module pool;
  private final Module power;

  DescriptorNet(Backbone backbone) {
    this.backbone = child("backbone", backbone);
    weibull = child("weibull", Weibull.shared());
    pool = child("pool", new GlobalPool(GlobalPool.Kind.AVG));
    power = child("power", PowerNorm.shared());
  }

  @Override
  public Tensor forward(Tensor cells) {
    return power.apply(pool.apply(weibull.apply(backbone.forwardFeatures(cells))));
  }

  /** The registry entry of a localiser on a backbone. */
  static ModelSpec spec(
      String prefix,
      String what,
      ModelSpec base,
      BiFunction<Backbone, ModelOptions, Module> localiser) {
    if (base.level() != ModelSpec.Level.CELL || base.name().contains(":")) {
      throw new ModelException(
          "model "
              + prefix
              + base.name()
              + ": "
              + base.name()
              + " is no backbone of cells (expected: a name such as "
              + prefix
              + "efficientnet_b0)");
    }
    return new ModelSpec(
        prefix + base.name(),
        what + " on " + base.definition(),
        "Husain et al. 2023, Hybrid subCellular Protein Localiser; backbone: " + base.source(),
        ModelSpec.Level.CELL,
        base.nativeSize(),
        null,
        options ->
            localiser.apply(
                headless(base, base.factory().apply(check(options).classes(0))), options),
        options ->
            localiser.apply(headless(base, base.tiny().apply(check(options).classes(0))), options),
        base.settings());
  }

  private static Backbone headless(ModelSpec base, Module network) {
    return Models.backbone(base.name(), network);
  }

  private static ModelOptions check(ModelOptions options) {
    if (options.classes() == 0) {
      throw new ModelException("model: a localiser needs classes (expected: classes >= 1, got 0)");
    }
    return options;
  }
}
