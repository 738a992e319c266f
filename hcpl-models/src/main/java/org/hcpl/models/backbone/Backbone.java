package org.hcpl.models.backbone;

import org.hcpl.models.ModelOptions;
import org.hcpl.nn.Dropout;
import org.hcpl.nn.GlobalPool;
import org.hcpl.nn.Identity;
import org.hcpl.nn.Linear;
import org.hcpl.nn.Module;
import org.hcpl.nn.Sequential;
import org.hcpl.tensor.Tensor;

/**
 * A network that turns images into feature maps and those into one logit a class. Names and shapes
 * of the state dict are those of timm.
 *
 * <p>Subclasses compute feature maps; they call {@link #classifier} last in their constructor,
 * which adds global average pooling, dropout and a linear layer.
 */
public abstract class Backbone extends Module {
  private Module pool;
  private Module dropout;
  private Module linear;
  private int channels;

  /**
   * The last feature map.
   *
   * @param x images {@code [N, H, W, inputChannels]}
   * @return {@code [N, h, w, featureChannels]}
   */
  public abstract Tensor forwardFeatures(Tensor x);

  /**
   * Adds the modules of {@link #forwardHead}; without a linear layer for 0 classes.
   *
   * @param name of the linear layer in the state dict; one within a module, such as {@code
   *     head.fc}, takes pooling and dropout along
   */
  protected final void classifier(String name, int featureChannels, ModelOptions options) {
    channels = featureChannels;
    pool = new GlobalPool(GlobalPool.Kind.AVG);
    dropout = new Dropout(options.dropRate());
    linear =
        options.classes() == 0 ? new Identity() : new Linear(featureChannels, options.classes());
    int dot = name.indexOf('.');
    if (dot < 0) {
      child("global_pool", pool);
      child("head_drop", dropout);
      child(name, linear);
    } else {
      Sequential head = child(name.substring(0, dot), new Sequential());
      head.add("global_pool", pool).add("drop", dropout).add(name.substring(dot + 1), linear);
    }
  }

  /**
   * Pools a feature map and classifies.
   *
   * @param features {@code [N, h, w, featureChannels]}
   * @return logits {@code [N, classes]}, or the pooled descriptors {@code [N, featureChannels]} of
   *     a network made with 0 classes
   */
  public Tensor forwardHead(Tensor features) {
    return linear.apply(dropout.apply(pool.apply(features)));
  }

  /** Channels of the last feature map. */
  public final int featureChannels() {
    return channels;
  }

  /** Images {@code [N, H, W, inputChannels]} to logits {@code [N, classes]}. */
  @Override
  public final Tensor forward(Tensor x) {
    return forwardHead(forwardFeatures(x));
  }
}
