package org.hcpl.train.report;

import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The cells with the largest probability of a class; the same ones in whatever order they come. */
final class ClearestCells {
  private static final Comparator<Example> CLEAREST_FIRST =
      Comparator.comparingDouble(Example::probability)
          .reversed()
          .thenComparing(Example::image)
          .thenComparing(Example::cell);

  private final int count;
  private final PriorityQueue<Example> best = new PriorityQueue<>(CLEAREST_FIRST.reversed());

  /** A cell, with its picture as soon as there is one. */
  static final class Example {
    private final double probability;
    private final String image;
    private final int cell;
    private BufferedImage picture;

    private Example(double probability, String image, int cell) {
      this.probability = probability;
      this.image = image;
      this.cell = cell;
    }

    double probability() {
      return probability;
    }

    String image() {
      return image;
    }

    int cell() {
      return cell;
    }

    /** Null until it is drawn. */
    BufferedImage picture() {
      return picture;
    }

    void draw(PredictionReport.ImagePictures pictures) {
      picture = pictures.cell(cell);
    }
  }

  ClearestCells(int count) {
    this.count = count;
  }

  /** Takes a cell if it is among the clearest so far; it is drawn now if there are pictures. */
  void offer(double probability, String image, int cell, PredictionReport.ImagePictures now) {
    Example example = new Example(probability, image, cell);
    if (best.size() == count && CLEAREST_FIRST.compare(best.peek(), example) <= 0) {
      return;
    }
    if (best.size() == count) {
      best.poll();
    }
    if (now != null) {
      example.draw(now);
    }
    best.add(example);
  }

  /** The clearest first. */
  List<Example> sorted() {
    return best.stream().sorted(CLEAREST_FIRST).toList();
  }
}
