package org.hcpl.nn.optim;

import java.util.Map;
import org.hcpl.nn.Parameter;

/**
 * {@link Adam} with decoupled weight decay (Loshchilov and Hutter 2019): {@code p *= 1 - rate *
 * weightDecay} before the step.
 */
public final class AdamW extends Adam {
  public AdamW(Map<String, Parameter> parameters, double learningRate, Options options) {
    super(parameters, learningRate, options, true);
  }
}
