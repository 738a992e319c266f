package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassListTest {
  @Test
  void hasTheContestsClassesInTheirOrder() {
    assertThat(ClassList.HPA_2021.size()).isEqualTo(19);
    assertThat(ClassList.HPA_2021.name(11)).isEqualTo("Mitotic spindle");
    assertThat(ClassList.HPA_2021.name(18)).isEqualTo("Negative");
    assertThat(ClassList.HPA_2018.size()).isEqualTo(28);
    assertThat(ClassList.HPA_2018.name(25)).isEqualTo("Cytosol");
    assertThat(ClassList.CYTO_2017.size()).isEqualTo(13);
    assertThat(ClassList.CYTO_2017.indexOf("nucleus")).isEqualTo(10);
  }

  @Test
  void readsBothSeparatorsAndNames() {
    assertThat(ClassList.HPA_2021.parse("5|0", "a.csv:2")).containsExactly(0, 5);
    assertThat(ClassList.HPA_2021.parse(" 5  0 5 ", "a.csv:2")).containsExactly(0, 5);
    assertThat(ClassList.HPA_2021.parse("0|", "a.csv:2")).containsExactly(0);
    assertThat(ClassList.HPA_2021.parse("0;16", "a.csv:2")).containsExactly(0, 16);
    assertThat(ClassList.HPA_2021.parse("nuclear bodies", "a.csv:2")).containsExactly(5);
    assertThat(ClassList.HPA_2021.parse("Nuclear bodies|Cytosol", "a.csv:2"))
        .containsExactly(5, 16);
    assertThat(ClassList.HPA_2018.parse("Rods & rings", "a.csv:2")).containsExactly(27);
  }

  @Test
  void namesTheLineOfAnUnknownLabel() {
    assertThatThrownBy(() -> ClassList.HPA_2021.parse("0|19", "train.csv:7"))
        .isInstanceOf(LabelException.class)
        .hasMessageStartingWith("train.csv:7: label '19' is not one of hpa2021's 19 classes")
        .hasMessageContaining("0..18");
    assertThatThrownBy(() -> ClassList.HPA_2021.parse("|0", "t:1"))
        .hasMessageStartingWith("t:1: label '' is not");
    assertThatThrownBy(() -> ClassList.HPA_2021.parse("-1", "t:1"))
        .hasMessageStartingWith("t:1: label '-1' is not");
    assertThatThrownBy(() -> ClassList.HPA_2021.parse("99999999999999", "t:1"))
        .hasMessageStartingWith("t:1: label '99999999999999' is not");
    assertThatThrownBy(() -> ClassList.HPA_2021.parse("  ", "t:1"))
        .hasMessageStartingWith("t:1: no label")
        .hasMessageContaining("help: an image or cell without signal has the label 18");
  }

  @Test
  void mapsTheContestOf2018ToTheOneOf2021ByName() {
    for (int label = 0; label < 28; label++) {
      int same = ClassList.HPA_2021.indexOf(ClassList.HPA_2018.name(label));
      if (same >= 0) {
        assertThat(ClassList.from2018To2021(List.of(label))).containsExactly(same);
      }
    }
    // Peroxisomes, endosomes, lysosomes, lipid droplets, cytoplasmic bodies.
    assertThat(ClassList.from2018To2021(List.of(8, 9, 10, 20, 26))).containsExactly(17);
    assertThat(ClassList.from2018To2021(List.of(13, 22))).containsExactly(9, 13);
    assertThat(ClassList.from2018To2021(List.of(18, 0))).containsExactly(0, 12);
    assertThat(ClassList.from2018To2021(List.of(15, 16, 27))).isEmpty();
  }

  @Test
  void writesWhatItReads() {
    assertThat(ClassList.HPA_2021.format(List.of(0, 5))).isEqualTo("0|5");
    assertThat(ClassList.CYTO_2017.multiHot(List.of(1, 12)))
        .containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    assertThat(ClassList.byId("HPA2018")).isSameAs(ClassList.HPA_2018);
    assertThatThrownBy(() -> ClassList.byId("x")).hasMessageContaining("cyto2017");
  }
}
