package org.hcpl.train;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hcpl.models.classic.GapNetPl;
import org.hcpl.tensor.Backends;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.cpu.Parallel;
import org.hcpl.tensor.cpu.VectorSupport;
import org.hcpl.tensor.io.FileErrors;

/** Where a result comes from: {@code run.json} beside it. */
public final class RunRecord {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .registerModule(
              new SimpleModule()
                  .addSerializer(Double.class, new NumberOrNull())
                  .addSerializer(double.class, new NumberOrNull()));

  /** A number that does not exist is null: JSON knows no NaN, and a text would be none. */
  private static final class NumberOrNull extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;

    NumberOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  private final Map<String, Object> content = new LinkedHashMap<>();

  /** Begins with what holds for every run: time, version, machine. */
  public RunRecord(String command) {
    content.put("command", command);
    content.put("version", version());
    content.put("started", Instant.now().toString());
    content.put(
        "java",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    content.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    content.put("backend", Backends.defaultBackend().name());
    content.put("vectorApi", VectorSupport.available());
    content.put("threads", Parallel.threads());
  }

  /** Adds a value that Jackson can write: numbers, text, lists, maps, records. */
  public RunRecord put(String key, Object value) {
    content.put(key, value);
    return this;
  }

  /** Writes {@code run.json} into a folder, as a whole or not at all. */
  public void write(Path folder) {
    content.put("ended", Instant.now().toString());
    Path file = folder.resolve("run.json");
    Path part = folder.resolve("run.json.part");
    try {
      Files.write(part, JSON.writeValueAsBytes(content));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TensorException(FileErrors.unwritable(file, e), e);
    }
  }

  /**
   * SHA-256 of a model in hexadecimal digits; of a checkpoint of several files, that of these by
   * their names, whichever of them is given.
   */
  public static String sha256(Path model) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path each : files(model)) {
        try (InputStream in = Files.newInputStream(each)) {
          in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new TensorException(model + ": cannot be read: " + FileErrors.reason(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static List<Path> files(Path model) throws IOException {
    Optional<Path> checkpoint = GapNetPl.checkpoint(model);
    if (checkpoint.isEmpty()) {
      return List.of(model);
    }
    Path prefix = checkpoint.get().toAbsolutePath();
    try (Stream<Path> files = Files.list(prefix.getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix.getFileName() + "."))
          .sorted()
          .toList();
    }
  }

  /** The project's version, from the jar. */
  public static String version() {
    String version = RunRecord.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
