package org.hcpl.models;

import java.util.Set;
import java.util.function.Function;
import org.hcpl.nn.Module;

/**
 * A registered model: how to make it, and where its definition comes from.
 *
 * @param name the registry's name, in timm's spelling where timm has it
 * @param definition what it is, in a sentence
 * @param source paper or library with version
 * @param level what it takes for input
 * @param nativeSize height and width in pixels that it was made for; others work too
 * @param published its published size, null where there is none
 * @param factory makes it with random weights
 * @param tiny makes a miniature with the same kinds of layers and the same code path, for tests
 * @param settings names of the settings that it takes in {@link ModelOptions#settings}
 */
public record ModelSpec(
    String name,
    String definition,
    String source,
    Level level,
    int nativeSize,
    Published published,
    Function<ModelOptions, Module> factory,
    Function<ModelOptions, Module> tiny,
    Set<String> settings) {
  /** Without settings of its own. */
  public ModelSpec(
      String name,
      String definition,
      String source,
      Level level,
      int nativeSize,
      Published published,
      Function<ModelOptions, Module> factory,
      Function<ModelOptions, Module> tiny) {
    this(name, definition, source, level, nativeSize, published, factory, tiny, Set.of());
  }

  public ModelSpec {
    settings = Set.copyOf(settings);
  }

  /** The same with settings of its own. */
  public ModelSpec settings(Set<String> names) {
    return new ModelSpec(
        name, definition, source, level, nativeSize, published, factory, tiny, names);
  }

  /**
   * Makes the network.
   *
   * @param small the miniature instead of the real one
   * @throws ModelException if it does not take one of the settings
   */
  Module make(ModelOptions options, boolean small) {
    for (String setting : options.settings().keySet()) {
      if (!settings.contains(setting)) {
        throw new ModelException(
            "model "
                + name
                + " takes no setting "
                + setting
                + " (expected: "
                + (settings.isEmpty() ? "none" : "of " + settings)
                + ")");
      }
    }
    return (small ? tiny : factory).apply(options);
  }

  /** What a model takes for input. */
  public enum Level {
    /** Crops of single cells. */
    CELL,
    /** Whole images, or large crops of them. */
    IMAGE
  }

  /**
   * The number of trainable parameters that was published for a configuration.
   *
   * @param inputChannels channels of the published configuration
   * @param classes classes of the published configuration
   * @param parameters trainable parameters
   */
  public record Published(int inputChannels, int classes, long parameters) {}

  /**
   * A network of timm 1.0.28 that takes crops; its count is that with 3 channels and 1000 classes.
   */
  public static ModelSpec timm(
      String name,
      String definition,
      String source,
      int nativeSize,
      long parameters,
      Function<ModelOptions, Module> factory,
      Function<ModelOptions, Module> tiny) {
    return new ModelSpec(
        name,
        definition,
        source + "; layer order and names as in timm 1.0.28 (Apache-2.0)",
        Level.CELL,
        nativeSize,
        new Published(3, 1000, parameters),
        factory,
        tiny);
  }
}
