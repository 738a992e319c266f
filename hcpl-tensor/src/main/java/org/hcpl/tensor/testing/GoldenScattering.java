package org.hcpl.tensor.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * Reference numbers of 2-D wavelet scattering ({@code scattering/*.json}): the filters and the
 * output channels.
 *
 * @param scales the number of octaves J
 * @param angles the number of orientations L
 * @param height rows of the image
 * @param width columns of the image
 * @param maxOrder 1 or 2
 * @param input the stream and shape {@code [B, H, W]} of the images
 * @param padded rows and columns of the padded grid
 * @param outputShape {@code [B, channels, H / 2^J, W / 2^J]}
 * @param filters the real Fourier-domain filters
 * @param channels the output channels
 */
public record GoldenScattering(
    int scales,
    int angles,
    int height,
    int width,
    int maxOrder,
    GoldenRun.Input input,
    int[] padded,
    int[] outputShape,
    List<Filter> filters,
    List<Channel> channels) {

  /**
   * Reads a scattering case.
   *
   * @throws GoldenFileException if the file is missing or of another form
   */
  public static GoldenScattering read(Path file) {
    return GoldenJson.read(
        file,
        "a scattering case",
        tree ->
            new GoldenScattering(
                GoldenJson.integer(GoldenJson.get(tree, "J")),
                GoldenJson.integer(GoldenJson.get(tree, "L")),
                GoldenJson.integer(GoldenJson.get(tree, "M")),
                GoldenJson.integer(GoldenJson.get(tree, "N")),
                GoldenJson.integer(GoldenJson.get(tree, "max_order")),
                GoldenRun.Input.parse(GoldenJson.get(tree, "input")),
                GoldenJson.integers(GoldenJson.get(tree, "padded")),
                GoldenJson.integers(GoldenJson.get(tree, "output_shape")),
                GoldenJson.list(GoldenJson.get(tree, "filters_exact64"), Filter::parse),
                GoldenJson.list(GoldenJson.get(tree, "channels"), Channel::parse)));
  }

  /**
   * One filter on the padded grid, sub-sampled by {@code 2^level}.
   *
   * @param kind {@code psi} (band pass) or {@code phi} (low pass)
   * @param scale its octave j
   * @param angle its orientation, -1 for the low pass
   * @param level how often its grid is halved
   * @param shape rows and columns
   * @param sum of all values
   * @param absSum of all magnitudes
   * @param l2 the L2 norm
   * @param argMax flat index of the largest value
   * @param max the largest value
   * @param indices four flat indices
   * @param values the values there
   */
  public record Filter(
      String kind,
      int scale,
      int angle,
      int level,
      int[] shape,
      double sum,
      double absSum,
      double l2,
      int argMax,
      double max,
      int[] indices,
      double[] values) {
    private static Filter parse(JsonNode row) {
      return new Filter(
          GoldenJson.text(GoldenJson.get(row, 0)),
          GoldenJson.integer(GoldenJson.get(row, 1)),
          GoldenJson.integer(GoldenJson.get(row, 2)),
          GoldenJson.integer(GoldenJson.get(row, 3)),
          GoldenJson.integers(GoldenJson.get(row, 4)),
          GoldenJson.number(GoldenJson.get(row, 5)),
          GoldenJson.number(GoldenJson.get(row, 6)),
          GoldenJson.number(GoldenJson.get(row, 7)),
          GoldenJson.integer(GoldenJson.get(row, 8)),
          GoldenJson.number(GoldenJson.get(row, 9)),
          GoldenJson.integers(GoldenJson.get(row, 10)),
          GoldenJson.numbers(GoldenJson.get(row, 11)));
    }
  }

  /**
   * One output channel.
   *
   * @param index its place among the channels
   * @param order 0, 1 or 2
   * @param scales the octaves of its path, one an order
   * @param angles the orientations of its path, one an order
   * @param mean of {@code [B, H / 2^J, W / 2^J]}
   * @param absMean the mean magnitude
   * @param indices four flat indices into that shape
   * @param values the values there
   */
  public record Channel(
      int index,
      int order,
      int[] scales,
      int[] angles,
      double mean,
      double absMean,
      int[] indices,
      double[] values) {
    private static Channel parse(JsonNode row) {
      return new Channel(
          GoldenJson.integer(GoldenJson.get(row, 0)),
          GoldenJson.integer(GoldenJson.get(row, 1)),
          GoldenJson.integers(GoldenJson.get(row, 2)),
          GoldenJson.integers(GoldenJson.get(row, 3)),
          GoldenJson.number(GoldenJson.get(row, 4)),
          GoldenJson.number(GoldenJson.get(row, 5)),
          GoldenJson.integers(GoldenJson.get(row, 6)),
          GoldenJson.numbers(GoldenJson.get(row, 7)));
    }
  }
}
