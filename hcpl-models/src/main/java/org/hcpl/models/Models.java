package org.hcpl.models;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.models.backbone.Backbone;
import org.hcpl.models.backbone.DenseNet;
import org.hcpl.models.backbone.EfficientNet;
import org.hcpl.models.backbone.NfNet;
import org.hcpl.models.backbone.ResNet;
import org.hcpl.models.backbone.Swin;
import org.hcpl.models.classic.GapNetPl;
import org.hcpl.models.localise.Cla;
import org.hcpl.models.localise.Dsa;
import org.hcpl.nn.Module;

/**
 * The registry: every model by name.
 *
 * <p>A name is that of a registered model, such as {@code efficientnet_b0}; {@code cla:} or {@code
 * dsa:} before a backbone's name makes a localiser of it; {@code @tiny} behind it makes the
 * miniature of its family, for tests and trials.
 *
 * <pre>{@code
 * Module network = Models.create("cla:efficientnet_b0", 4, 19);
 * network.initialise(Rng.of(1));
 * }</pre>
 */
public final class Models {
  private static final String TINY = "@tiny";
  private static final Map<String, ModelSpec> SPECS =
      Collections.synchronizedMap(new LinkedHashMap<>());

  static {
    List.of(
            EfficientNet.specs(),
            DenseNet.specs(),
            ResNet.specs(),
            NfNet.specs(),
            Swin.specs(),
            GapNetPl.specs())
        .forEach(family -> family.forEach(Models::register));
  }

  private Models() {}

  /**
   * A new network; its weights are zero until {@link Module#initialise} or a file fills them.
   *
   * @param inputChannels channels of the input, 4 for Human Protein Atlas images
   * @param classes number of outputs
   * @throws ModelException if there is no model of that name
   */
  public static Module create(String name, int inputChannels, int classes) {
    return create(name, ModelOptions.of(inputChannels, classes));
  }

  /** A new network; see {@link #create(String, int, int)}. */
  public static Module create(String name, ModelOptions options) {
    return spec(name).make(options, false);
  }

  /**
   * A new network that must be a backbone.
   *
   * @throws ModelException if there is none of that name, or it is another kind of network
   */
  public static Backbone backbone(String name, ModelOptions options) {
    return backbone(name, create(name, options));
  }

  /** The miniature of a model; the same as {@code create(name + "@tiny", options)}. */
  public static Module tiny(String name, ModelOptions options) {
    return spec(name).make(options, true);
  }

  /**
   * What is known of a model; hyphens may stand for underscores.
   *
   * @throws ModelException if there is none of that name, with the names that there are
   */
  public static ModelSpec spec(String name) {
    if (name.endsWith(TINY)) {
      return tinySpec(spec(name.substring(0, name.length() - TINY.length())));
    }
    if (name.startsWith(Cla.PREFIX)) {
      return Cla.spec(spec(name.substring(Cla.PREFIX.length())));
    }
    if (name.startsWith(Dsa.PREFIX)) {
      return Dsa.spec(spec(name.substring(Dsa.PREFIX.length())));
    }
    ModelSpec spec = SPECS.get(name);
    if (spec == null) {
      spec = SPECS.get(name.replace('-', '_'));
    }
    if (spec == null) {
      throw new ModelException(
          "model "
              + name
              + " is not in the registry (expected one of: "
              + String.join(", ", names())
              + ")\nhelp: for the cells of images put cla: or dsa: before the name, as in cla:"
              + names().iterator().next());
    }
    return spec;
  }

  /** Whether {@link #spec} knows the name. */
  public static boolean contains(String name) {
    try {
      spec(name);
      return true;
    } catch (ModelException unknown) {
      return false;
    }
  }

  /** The names of all registered models, without prefixes and suffixes. */
  public static List<String> names() {
    synchronized (SPECS) {
      return List.copyOf(SPECS.keySet());
    }
  }

  /** All registered models. */
  public static Collection<ModelSpec> all() {
    synchronized (SPECS) {
      return List.copyOf(SPECS.values());
    }
  }

  /**
   * Adds a model of one's own.
   *
   * @throws ModelException if the name is taken or would be read as a prefix or suffix
   */
  public static void register(ModelSpec spec) {
    if (spec.name().isEmpty() || spec.name().contains(":") || spec.name().contains("@")) {
      throw new ModelException(
          "model name '" + spec.name() + "' (expected: not empty, without ':' and '@')");
    }
    if (SPECS.putIfAbsent(spec.name(), spec) != null) {
      throw new ModelException("model " + spec.name() + " is registered already");
    }
  }

  /** The network as a backbone; {@code name} is for the message if it is none. */
  public static Backbone backbone(String name, Module network) {
    if (network instanceof Backbone backbone) {
      return backbone;
    }
    List<String> backbones = new ArrayList<>();
    for (ModelSpec spec : all()) {
      if (spec.level() == ModelSpec.Level.CELL) {
        backbones.add(spec.name());
      }
    }
    throw new ModelException(
        "model " + name + " is no backbone (expected one of: " + backbones + ")");
  }

  private static ModelSpec tinySpec(ModelSpec spec) {
    return new ModelSpec(
        spec.name() + TINY,
        "miniature of: " + spec.definition(),
        spec.source(),
        spec.level(),
        spec.nativeSize(),
        null,
        spec.tiny(),
        spec.tiny(),
        spec.settings());
  }
}
