package org.hcpl.train;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.FileErrors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of how a training went. */
public final class Curves {
  private static final Color LOSS = new Color(0x1b6ca8);
  private static final Color SCORE = new Color(0xd1495b);

  private Curves() {}

  /**
   * Draws loss and validation score by epoch.
   *
   * @param scoreName of the axis
   * @param file a PNG
   */
  public static void write(List<Trainer.Epoch> history, String scoreName, Path file) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(420)
            .title("Training")
            .xAxisTitle("epoch")
            .yAxisTitle("loss")
            .build();
    Styler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    chart.getStyler().setYAxisDecimalPattern("0.0##");
    double[] epochs = IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray();
    var loss =
        chart.addSeries(
            "training loss", epochs, history.stream().mapToDouble(Trainer.Epoch::loss).toArray());
    loss.setMarkerColor(LOSS);
    loss.setMarker(SeriesMarkers.CIRCLE);
    loss.setLineColor(LOSS);
    double[] scores = history.stream().mapToDouble(Trainer.Epoch::score).toArray();
    if (scores.length > 0 && !Double.isNaN(scores[0])) {
      var score = chart.addSeries("validation: " + scoreName, epochs, scores);
      score.setMarkerColor(SCORE);
      score.setMarker(SeriesMarkers.DIAMOND);
      score.setLineColor(SCORE);
      score.setYAxisGroup(1);
      chart.setYAxisGroupTitle(1, scoreName);
      chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
    }
    try {
      BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw new TensorException(FileErrors.unwritable(file, e), e);
    }
  }
}
