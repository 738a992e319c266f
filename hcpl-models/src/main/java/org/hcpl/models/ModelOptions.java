package org.hcpl.models;

/**
 * What every registered model can be asked for.
 *
 * @param inputChannels channels of the input; 4 for Human Protein Atlas images
 * @param classes number of outputs; 0 leaves the classifier away, so that a backbone ends with its
 *     pooled descriptor
 * @param dropRate probability of dropout before the classifier, 0 up to but without 1
 * @param dropPathRate probability with which the last residual branch is dropped for a sample;
 *     earlier ones less, in proportion to their position; ignored by networks without such branches
 */
public record ModelOptions(int inputChannels, int classes, double dropRate, double dropPathRate) {
  public ModelOptions {
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
    return new ModelOptions(inputChannels, classes, 0, 0);
  }

  public ModelOptions classes(int count) {
    return new ModelOptions(inputChannels, count, dropRate, dropPathRate);
  }

  public ModelOptions dropRate(double rate) {
    return new ModelOptions(inputChannels, classes, rate, dropPathRate);
  }

  public ModelOptions dropPathRate(double rate) {
    return new ModelOptions(inputChannels, classes, dropRate, rate);
  }

  private static void checkRate(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new ModelException("model: " + name + " " + rate + " (expected: 0 <= rate < 1)");
    }
  }
}
