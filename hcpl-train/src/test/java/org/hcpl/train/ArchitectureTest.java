package org.hcpl.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom, over all modules that this one stands on. */
class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.hcpl");

  @Test
  void modulesDependOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("tensor")
        .definedBy("org.hcpl.tensor..")
        .layer("nn")
        .definedBy("org.hcpl.nn..")
        .layer("scatter")
        .definedBy("org.hcpl.scatter..")
        .layer("models")
        .definedBy("org.hcpl.models..")
        .layer("train")
        .definedBy("org.hcpl.train..")
        .whereLayer("train")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("models")
        .mayOnlyBeAccessedByLayers("train")
        .whereLayer("scatter")
        .mayOnlyBeAccessedByLayers("models", "train")
        .whereLayer("nn")
        .mayOnlyBeAccessedByLayers("scatter", "models", "train")
        .check(classes);
  }

  @Test
  void onlyTheVectorKernelsKnowTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.hcpl.tensor.cpu..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(classes);
  }

  @Test
  void nothingKnowsTheCommandLineButItself() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.hcpl.train.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hcpl.train.cli..", "picocli..", "me.tongfei..")
        .check(classes);
  }
}
