package org.hcpl.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-15);

  @Test
  void warmUpRisesToTheFirstRate() {
    Schedule schedule = Schedule.cosine(1, 10, 0).warmUp(4, 0.2);
    assertThat(schedule.at(0)).isCloseTo(0.2, EXACT);
    assertThat(schedule.at(2)).isCloseTo(0.6, EXACT);
    assertThat(schedule.at(4)).isCloseTo(1, EXACT);
    assertThat(schedule.at(9)).isCloseTo(0.5, EXACT);
    assertThat(schedule.at(14)).isCloseTo(0, EXACT);
  }

  @Test
  void restartsBeginAgainWithLongerPeriods() {
    Schedule schedule = Schedule.cosineRestarts(1, 4, 2, 0.1);
    assertThat(schedule.at(0)).isCloseTo(1, EXACT);
    assertThat(schedule.at(2)).isCloseTo(0.55, EXACT);
    assertThat(schedule.at(4)).isCloseTo(1, EXACT);
    assertThat(schedule.at(8)).isCloseTo(0.55, EXACT);
    assertThat(schedule.at(12)).isCloseTo(1, EXACT);
    assertThat(Schedule.cosineRestarts(1, 4, 1, 0).at(4002)).isCloseTo(0.5, EXACT);
  }

  @Test
  void stepsFall() {
    Schedule schedule = Schedule.step(0.8, 3, 0.5);
    assertThat(schedule.at(2)).isCloseTo(0.8, EXACT);
    assertThat(schedule.at(3)).isCloseTo(0.4, EXACT);
    assertThat(schedule.at(8)).isCloseTo(0.2, EXACT);
    assertThat(Schedule.constant(0.3).at(1e9)).isEqualTo(0.3);
  }

  @Test
  void badDurationsAreRefused() {
    assertThatThrownBy(() -> Schedule.cosine(1, 0, 0))
        .hasMessage("cosine: duration 0.0 (expected: > 0)");
    assertThatThrownBy(() -> Schedule.cosineRestarts(1, 2, 0.5, 0))
        .hasMessageContaining("growth 0.5");
    assertThatThrownBy(() -> Plateau.Options.DEFAULT.threshold(Double.NaN))
        .hasMessageContaining("threshold NaN");
    assertThatThrownBy(() -> Plateau.Options.DEFAULT.min(-1)).hasMessageContaining("min -1.0");
    assertThatThrownBy(() -> new Plateau(Double.NaN, Plateau.Options.DEFAULT))
        .hasMessageContaining("learning rate NaN");
  }

  @Test
  void plateauLowersAfterPatience() {
    Plateau plateau =
        new Plateau(1, Plateau.Options.DEFAULT.factor(0.5).patience(1).threshold(0.1).min(0.3));
    assertThat(plateau.observe(1.0)).isEqualTo(1);
    assertThat(plateau.observe(0.95)).isEqualTo(1);
    assertThat(plateau.observe(0.95)).isEqualTo(0.5);
    assertThat(plateau.observe(0.8)).isEqualTo(0.5);
    assertThat(plateau.state().best()).isEqualTo(0.8);
    plateau.observe(0.8);
    assertThat(plateau.observe(0.8)).isEqualTo(0.3);
  }

  @Test
  void plateauMaximisesCoolsDownAndResumes() {
    Plateau.Options options =
        Plateau.Options.DEFAULT.maximise(true).factor(0.5).patience(0).cooldown(2);
    Plateau plateau = new Plateau(1, options);
    plateau.observe(0.5);
    assertThat(plateau.observe(0.4)).isEqualTo(0.5);
    Plateau resumed = new Plateau(7, options);
    resumed.resume(plateau.state());
    assertThat(resumed.observe(0.4)).isEqualTo(0.5);
    assertThat(resumed.observe(0.4)).isEqualTo(0.5);
    assertThat(resumed.observe(0.4)).isEqualTo(0.25);
    assertThat(resumed.rate()).isEqualTo(0.25);
  }

  @Test
  void aMeasureThatIsNotANumberIsNoImprovement() {
    Plateau plateau = new Plateau(1, Plateau.Options.DEFAULT.patience(0).factor(0.1));
    assertThat(plateau.observe(Double.NaN)).isEqualTo(0.1);
  }

  @Test
  void infiniteMeasuresAreNoImprovement() {
    for (boolean maximise : new boolean[] {false, true}) {
      double sign = maximise ? -1 : 1;
      Plateau plateau =
          new Plateau(1, Plateau.Options.DEFAULT.maximise(maximise).patience(1).factor(0.1));
      plateau.observe(sign * Double.POSITIVE_INFINITY);
      assertThat(plateau.observe(sign * Double.POSITIVE_INFINITY)).isEqualTo(0.1);
      plateau.observe(sign * Double.NEGATIVE_INFINITY);
      plateau.observe(sign);
      assertThat(plateau.observe(sign)).as("worse than infinitely good").isLessThan(0.1);
    }
  }

  @Test
  void plateauNeverRaisesTheRate() {
    Plateau plateau = new Plateau(0.01, Plateau.Options.DEFAULT.patience(0).min(0.1));
    plateau.observe(1);
    assertThat(plateau.observe(1)).isEqualTo(0.01);
  }
}
