package org.hcpl.tensor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.hcpl.tensor");

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
  void onlyTheCudaBackendKnowsJcuda() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.hcpl.tensor.cuda..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jcuda..")
        .check(classes);
  }

  @Test
  void operationsKnowNoBackend() {
    noClasses()
        .that()
        .resideInAPackage("org.hcpl.tensor.op..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hcpl.tensor.cpu..", "org.hcpl.tensor.spi..")
        .check(classes);
  }
}
