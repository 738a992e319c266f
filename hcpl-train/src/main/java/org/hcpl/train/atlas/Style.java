package org.hcpl.train.atlas;

/**
 * What the cells of an image have in common, as those of one cell line.
 *
 * @param size of nuclei and cells, about 1
 * @param packing how near two cells may come, in sums of their radii
 * @param elongation long axis over short axis of a typical cell
 * @param axis common direction of the cells, radians
 * @param disorder spread of the direction, radians
 * @param roughness of the outline
 * @param spikes most protrusions of a cell
 */
record Style(
    double size,
    double packing,
    double elongation,
    double axis,
    double disorder,
    double roughness,
    int spikes) {
  static Style random(Draws draws) {
    double axis = draws.angle();
    double size = draws.uniform(0.88, 1.12);
    return switch (draws.below(3)) {
      // Sheets of polygonal cells, as A-431.
      case 0 -> new Style(size, 0.62, draws.uniform(1, 1.25), axis, 2, 0.8, 0);
      // Large spread cells, as U-2 OS.
      case 1 -> new Style(size, 0.75, draws.uniform(1.2, 1.7), axis, 0.7, 1.1, 2);
      // Spindly cells with processes, as SH-SY5Y.
      default -> new Style(size * 0.93, 0.85, draws.uniform(1.5, 2.2), axis, 0.9, 1.2, 4);
    };
  }
}
