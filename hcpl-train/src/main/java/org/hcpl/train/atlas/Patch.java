package org.hcpl.train.atlas;

/** Light from one cell: intensities over the part of the canvas that the cell is in. */
final class Patch {
  final Cell cell;
  final float[] values;

  Patch(Cell cell) {
    this.cell = cell;
    values = new float[cell.height * cell.width];
  }

  /** Sets each pixel of the cell to a function of its place in the patch. */
  Patch fill(PixelFunction light) {
    for (int i = 0; i < values.length; i++) {
      if (cell.edge[i] > 0) {
        values[i] +=
            (float) Math.max(0, light.at(i, cell.top + i / cell.width, cell.left + i % cell.width));
      }
    }
    return this;
  }

  /** Intensity of a pixel. */
  interface PixelFunction {
    /**
     * @param i index into the patch and the cell's fields
     * @param y row on the canvas
     * @param x column on the canvas
     */
    double at(int i, int y, int x);
  }

  /** A point of light, shared by the four pixels around it. */
  void point(double y, double x, double light) {
    double fromTop = y - cell.top;
    double fromLeft = x - cell.left;
    int row = (int) Math.floor(fromTop);
    int column = (int) Math.floor(fromLeft);
    double dy = fromTop - row;
    double dx = fromLeft - column;
    add(row, column, light * (1 - dy) * (1 - dx));
    add(row, column + 1, light * (1 - dy) * dx);
    add(row + 1, column, light * dy * (1 - dx));
    add(row + 1, column + 1, light * dy * dx);
  }

  /** A round spot of peak {@code light} and a Gaussian's fall. */
  void spot(double y, double x, double sigma, double light) {
    int reach = (int) Math.ceil(3 * sigma);
    int row = (int) Math.floor(y - cell.top + 0.5);
    int column = (int) Math.floor(x - cell.left + 0.5);
    for (int r = row - reach; r <= row + reach; r++) {
      for (int c = column - reach; c <= column + reach; c++) {
        double dy = r + cell.top - y;
        double dx = c + cell.left - x;
        add(r, c, light * Falloff.exp((dy * dy + dx * dx) / (2 * sigma * sigma)));
      }
    }
  }

  private void add(int row, int column, double light) {
    if (row >= 0 && row < cell.height && column >= 0 && column < cell.width) {
      int at = row * cell.width + column;
      if (cell.edge[at] > 0) {
        values[at] += (float) light;
      }
    }
  }

  /** Adds another patch of the cell, times a factor. */
  void add(Patch other, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (factor * other.values[i]);
    }
  }

  /** Adds this patch to a canvas of {@code [size, size]}, times a factor. */
  void onto(float[] canvas, int size, double factor) {
    for (int i = 0; i < values.length; i++) {
      int at = (cell.top + i / cell.width) * size + cell.left + i % cell.width;
      canvas[at] += (float) (factor * values[i]);
    }
  }
}
