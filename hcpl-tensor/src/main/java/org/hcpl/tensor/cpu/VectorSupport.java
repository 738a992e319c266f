package org.hcpl.tensor.cpu;

import static org.hcpl.tensor.io.Words.count;

import java.util.Locale;
import java.util.Optional;
import org.hcpl.tensor.TensorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the kernels of the Vector API may run here; decided once, when first asked.
 *
 * <p>They need the module {@code jdk.incubator.vector}, HotSpot with its C2 compiler (elsewhere the
 * same code runs tens of times slower than plain loops), and vectors of 256 bits at least (128 on
 * ARM, whose plain 128-bit code is short of registers for nothing). {@code -Dhcpl.vector=off} turns
 * them off, {@code force} asks for the module alone.
 *
 * <p>No class of the module is touched unless {@link #available()} says so.
 */
public final class VectorSupport {
  private static final Logger LOG = LoggerFactory.getLogger(VectorSupport.class);
  private static final String MODULE = "jdk.incubator.vector";
  private static final String REASON = decide();

  private VectorSupport() {}

  /** True where the Vector API kernels run. */
  public static boolean available() {
    return REASON == null;
  }

  /** Why the plain kernels run; empty where the Vector API ones do. */
  public static Optional<String> reason() {
    return Optional.ofNullable(REASON);
  }

  private static String decide() {
    String wish = System.getProperty("hcpl.vector", "auto").toLowerCase(Locale.ROOT);
    String reason = check(wish);
    if (reason != null && !wish.equals("off")) {
      LOG.warn("CPU kernels without the Vector API, several times slower: {}", reason);
    }
    return reason;
  }

  private static String check(String wish) {
    switch (wish) {
      case "off" -> {
        return "turned off by -Dhcpl.vector=off";
      }
      case "auto", "force" -> {}
      default ->
          throw new TensorException(
              "vector support: -Dhcpl.vector=" + wish + " (expected: auto, off or force)");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the module "
          + MODULE
          + " is not there (start Java with --add-modules "
          + MODULE
          + ")";
    }
    if (wish.equals("force")) {
      return null;
    }
    String vm = System.getProperty("java.vm.name", "");
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
      return "the virtual machine is " + vm + " (expected: HotSpot)";
    }
    // "interpreted mode", or "mixed mode, emulated-client" where only the C1 compiler works.
    String info = System.getProperty("java.vm.info", "");
    if (info.contains("interpreted") || info.contains("emulated-client")) {
      return "the virtual machine runs without its C2 compiler (" + info + ")";
    }
    String version =
        System.getProperty("java.vm.version", "") + System.getProperty("java.vm.vendor", "");
    if (version.contains("jvmci") || version.contains("GraalVM")) {
      return "the compiler is not C2 (" + version + ")";
    }
    int bits = VectorBits.preferred();
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    int least = arm ? 128 : 256;
    return bits >= least
        ? null
        : "vectors have " + count(bits, "bit") + " (expected: " + least + ")";
  }

  /** Apart, so that loading the outer class does not touch the module. */
  private static final class VectorBits {
    static int preferred() {
      return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
