package org.hcpl.train.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hcpl.train.cli.Hcpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** What the documents quote and link to is there. */
class DocumentationTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<groupId>(?<group>[^<]+)</groupId> <artifactId>(?<artifact>[^<]+)</artifactId>"
              + " <version>(?<version>[^<]+)</version>");
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)#]+)");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/adding.md"})
  void everyExampleIsPartOfASource(String document) throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path file : files(root(), ".java")) {
      sources.add(words(Files.readString(file)));
    }
    Matcher example = EXAMPLE.matcher(Files.readString(root().resolve(document)));
    int examples = 0;
    while (example.find()) {
      String shown = words(example.group(1));
      assertThat(sources).as(example.group(1)).anyMatch(source -> source.contains(shown));
      examples++;
    }
    assertThat(examples).isPositive();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<Path> documents = new ArrayList<>(files(root().resolve("docs"), ".md"));
    documents.add(root().resolve("README.md"));
    for (Path document : documents) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        if (!link.group(1).contains("://")) {
          assertThat(document.resolveSibling(link.group(1))).as("in " + document).exists();
        }
      }
    }
  }

  @Test
  void theDependencyIsWhatTheBuildMakes() throws IOException {
    Matcher shown = DEPENDENCY.matcher(words(Files.readString(root().resolve("README.md"))));
    assertThat(shown.find()).isTrue();
    Path module = root().resolve(shown.group("artifact")).resolve("pom.xml");
    assertThat(words(Files.readString(module)))
        .contains(
            "<groupId>" + shown.group("group") + "</groupId>",
            "<artifactId>" + shown.group("artifact") + "</artifactId>",
            "<version>" + shown.group("version") + "</version>");
  }

  /** Of the commands of this module; {@code bench} is another's. */
  @Test
  void everyOptionIsDescribed() throws IOException {
    String document = Files.readString(root().resolve("docs/commands.md"));
    Hcpl.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                  assertThat(document)
                      .as("docs/commands.md on %s %s", name, option.longestName())
                      .contains(option.longestName());
                }
              }
            });
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(
              file -> file.toString().endsWith(ending) && !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("hcpl-train/pom.xml"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static String words(String text) {
    return text.replace("public static final class", "public final class")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
