package org.hcpl.models.image;

import java.util.Locale;

/**
 * The four fluorescence channels of a Human Protein Atlas image, in the order in which networks
 * take them.
 */
public enum Channel {
  /** Microtubules. */
  RED,
  /** The protein of interest. */
  GREEN,
  /** Nucleus. */
  BLUE,
  /** Endoplasmic reticulum. */
  YELLOW;

  /** The name in file names: {@code red}, {@code green}, {@code blue}, {@code yellow}. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
