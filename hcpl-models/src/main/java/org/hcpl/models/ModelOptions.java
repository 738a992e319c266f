package org.hcpl.models;

import java.util.Map;

/**
 * What every registered model can be asked for.
 *
 * @param inputChannels channels of the input; 4 for Human Protein Atlas images
 * @param classes number of outputs; 0 leaves the classifier away, so that a backbone ends with its
 *     pooled descriptor
 * @param dropRate probability of dropout before the classifier, 0 up to but without 1
 * @param dropPathRate probability with which the last residual branch is dropped for a sample;
 *     earlier ones less, in proportion to their position; ignored by networks without such branches
 * @param settings what a family takes besides, by timm's names; see {@link ModelSpec#settings}
 */
public record ModelOptions(
    int inputChannels,
    int classes,
    double dropRate,
    double dropPathRate,
    Map<String, Double> settings) {
  public ModelOptions {
    settings = Map.copyOf(settings);
    if (inputChannels < 1) {
      throw new ModelException("model: inputChannels " + inputChannels + " (expected: >= 1)");
    }
    if (classes < 0) {
      throw new ModelException("model: classes " + classes + " (expected: >= 0)");
    }
    checkRate("dropRate", dropRate);
    checkRate("dropPathRate", dropPathRate);
  }

  /** Without dropout and drop path. */
  public static ModelOptions of(int inputChannels, int classes) {
    return new ModelOptions(inputChannels, classes, 0, 0, Map.of());
  }

  public ModelOptions classes(int count) {
    return new ModelOptions(inputChannels, count, dropRate, dropPathRate, settings);
  }

  public ModelOptions dropRate(double rate) {
    return new ModelOptions(inputChannels, classes, rate, dropPathRate, settings);
  }

  public ModelOptions dropPathRate(double rate) {
    return new ModelOptions(inputChannels, classes, dropRate, rate, settings);
  }

  public ModelOptions settings(Map<String, Double> values) {
    return new ModelOptions(inputChannels, classes, dropRate, dropPathRate, values);
  }

  /** A setting, or {@code otherwise} if it is not there. */
  public double setting(String name, double otherwise) {
    return settings.getOrDefault(name, otherwise);
  }

  private static void checkRate(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new ModelException("model: " + name + " " + rate + " (expected: 0 <= rate < 1)");
    }
  }
}
