package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** What a file of reference numbers holds, told by its fields and not by its name. */
public enum GoldenKind {
  /** Layer cases, read by {@link GoldenLayers}. */
  LAYERS("cases"),
  /** A model's architecture, read by {@link GoldenModel}. */
  ARCHITECTURE("entries"),
  /** A model's outputs, read by {@link GoldenRun}. */
  RUN("logits_f64"),
  /** A model's training step, read by {@link GoldenTrain}. */
  TRAINING("sgd"),
  /** A scattering case, read by {@link GoldenScattering}. */
  SCATTERING("filters_exact64"),
  /** Test vectors of {@link GoldenFill}. */
  GENERATOR("vectors");

  private final String field;

  GoldenKind(String field) {
    this.field = field;
  }

  /**
   * What {@code file} holds.
   *
   * @throws GoldenFileException if it is none of these
   */
  public static GoldenKind of(Path file) {
    return GoldenJson.read(file, "reference numbers", GoldenKind::of);
  }

  private static GoldenKind of(JsonNode tree) {
    for (GoldenKind kind : values()) {
      if (tree.has(kind.field)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "holds none of the fields cases, entries, logits_f64, sgd, filters_exact64, vectors");
  }
}
