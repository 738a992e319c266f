package org.hcpl.models.localise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hcpl.models.ModelException;
import org.hcpl.models.ModelOptions;
import org.hcpl.models.Models;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Rng;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BagsTest {
  @Test
  void takesTheMaximumOfEachImagesCells() {
    Tensor rows = Tensor.of(new float[] {1, 9, 5, 2, 3, 3, 7, 0, 4, 8}, 5, 2).requireGrad(true);
    Tensor ragged = Bags.of(3, 2).max(rows);
    assertThat(ragged.toArray()).containsExactly(5, 9, 7, 8);
    ragged.backward(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    assertThat(rows.grad().toArray()).containsExactly(0, 2, 1, 0, 0, 0, 3, 0, 0, 4);
    Tensor four = rows.detach().slice(0, 0, 4);
    assertThat(Bags.uniform(2, 2).max(four).toArray()).containsExactly(5, 9, 7, 3);
  }

  @Test
  void spreadsTheRowsOfImagesToTheirCells() {
    Tensor images = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertThat(Bags.of(1, 2).spread(images).toArray()).containsExactly(1, 2, 3, 4, 3, 4);
    assertThat(Bags.of(1, 2).imageOfCell()).containsExactly(0, 1, 1);
  }

  @Test
  void anEmptyBagAndAWrongNumberOfRowsAreErrors() {
    assertThatThrownBy(() -> Bags.of(2, 0))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("image 1 has 0 cells");
    assertThatThrownBy(() -> Bags.of(2, 2).max(Tensor.zeros(3, 5)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[3, 5]")
        .hasMessageContaining("expected: [4, D]");
    assertThatThrownBy(() -> Bags.of(2, 2).spread(Tensor.zeros(3, 5)))
        .hasMessageContaining("[2, D]");
  }

  @Test
  void anImageOfADsaDoesNotSeeTheCellsOfAnother() {
    Dsa dsa = (Dsa) Models.tiny("dsa:densenet121", ModelOptions.of(2, 3));
    dsa.initialise(Rng.of(2));
    dsa.eval();
    Tensor cells = Rng.of(4).uniform(Shape.of(5, 32, 32, 2), 0, 1);
    try (Grad.Mode mode = Grad.off()) {
      Tensor descriptors = dsa.descriptors(cells);
      float[] together = dsa.streamsOf(descriptors, Bags.of(2, 3)).images().toArray();
      float[] first = dsa.streamsOf(descriptors.slice(0, 0, 2), Bags.of(2)).images().toArray();
      for (int c = 0; c < 3; c++) {
        assertThat(together[c]).isEqualTo(first[c]);
      }
      assertThat(dsa.streams(cells, Bags.of(2, 3)).cells().shape()).isEqualTo(Shape.of(5, 3));
    }
  }
}
