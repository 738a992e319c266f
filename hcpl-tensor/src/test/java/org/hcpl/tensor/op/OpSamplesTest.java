package org.hcpl.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.testing.OpCheck;
import org.hcpl.tensor.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OpSamplesTest {
  @TestFactory
  Stream<DynamicTest> samples() {
    return OpSamples.all().stream()
        .map(sample -> DynamicTest.dynamicTest(sample.op() + " " + sample.shapes(), sample::check));
  }

  @Test
  void everyOperationHasASample() {
    Set<String> sampled =
        OpSamples.all().stream()
            .map(sample -> sample.op().getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> operations =
        new ClassFileImporter()
            .importPackages("org.hcpl.tensor.op").stream()
                .filter(
                    type ->
                        type.isAssignableTo(Op.class)
                            && !type.isInterface()
                            && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(sampled).isEqualTo(operations);
    assertThat(OpSamples.all()).extracting(OpCheck::op).isNotEmpty();
  }
}
