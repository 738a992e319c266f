import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format over every Java source of the project: {@code check} lists the files that differ and fails,
 * {@code apply} rewrites them. Spotless would run the formatter inside Maven's own JVM, which may be too old for it.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    List<Path> sources;
    try (var walk = Files.walk(Path.of(""))) {
      sources =
          walk.filter(p -> p.toString().endsWith(".java") && p.toString().contains("src/"))
              .filter(p -> !p.toString().contains("target/"))
              .sorted()
              .toList();
    }
    List<Path> different = new ArrayList<>();
    for (Path source : sources) {
      String before = Files.readString(source);
      String after;
      try {
        after = new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ImportOrderer.reorderImports(before, Style.GOOGLE)));
      } catch (Exception e) {
        System.err.println("format: " + source + ": " + e.getMessage());
        System.exit(1);
        return;
      }
      if (!after.equals(before)) {
        different.add(source);
        if (apply) {
          Files.writeString(source, after);
        }
      }
    }
    if (apply) {
      System.out.println("formatted " + different.size() + " of " + sources.size() + " files");
    } else if (!different.isEmpty()) {
      different.forEach(p -> System.err.println("not formatted: " + p));
      System.err.println("help: mvn -N validate -Dhcpl.format=apply");
      System.exit(1);
    }
  }
}
