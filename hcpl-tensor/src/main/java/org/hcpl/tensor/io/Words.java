package org.hcpl.tensor.io;

/** Numbers of things, in words for messages. */
public final class Words {
  private Words() {}

  /**
   * A count and its noun: {@code 1 image}, {@code 2 images}.
   *
   * @param noun in the singular, with a regular plural
   */
  public static String count(long count, String noun) {
    return count(count, noun, noun + "s");
  }

  /** As {@link #count(long, String)}, with a plural of its own: {@code 2 nuclei}. */
  public static String count(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
