package org.hcpl.train.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVRecord;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.segment.Segmentation;

/** Where an object lies and how large it is: the first columns of tables of cells and nuclei. */
final class ObjectColumns {
  private static final List<String> MEASURES =
      List.of(
          "left",
          "top",
          "right",
          "bottom",
          "centroid_x",
          "centroid_y",
          "area",
          "nucleus_area",
          "touches_border",
          "area_um2",
          "nucleus_area_um2");

  /** Before the measures: the image, and the number of the object. */
  private static final int NUMBER = 1;

  private ObjectColumns() {}

  /** The names of the columns, of objects that are called so. */
  static List<String> header(String object) {
    List<String> header = new ArrayList<>(List.of("image", object));
    header.addAll(MEASURES);
    return header;
  }

  /** An object's values; empty where its nucleus or the size of a pixel is not known. */
  static List<Object> row(HpaImage image, Segmentation.Facts object) {
    double edge = image.pixelSizeMicrometres();
    boolean nucleus = object.nucleusArea() > 0;
    return List.of(
        image.id(),
        object.label(),
        object.left(),
        object.top(),
        object.right(),
        object.bottom(),
        String.format(Locale.ROOT, "%.2f", object.centroidX()),
        String.format(Locale.ROOT, "%.2f", object.centroidY()),
        object.area(),
        nucleus ? object.nucleusArea() : "",
        object.touchesBorder(),
        square(object.area(), edge),
        nucleus ? square(object.nucleusArea(), edge) : "");
  }

  /** Pixels as square micrometres; empty where the size of a pixel is not known. */
  private static String square(int pixels, double edge) {
    return edge > 0 ? String.format(Locale.ROOT, "%.2f", pixels * edge * edge) : "";
  }

  static int number(CSVRecord row) {
    return Integer.parseInt(row.get(NUMBER));
  }

  /** In pixels. */
  static int area(CSVRecord row) {
    return Integer.parseInt(measure(row, "area"));
  }

  static boolean touchesBorder(CSVRecord row) {
    return Boolean.parseBoolean(measure(row, "touches_border"));
  }

  private static String measure(CSVRecord row, String name) {
    return row.get(NUMBER + 1 + MEASURES.indexOf(name));
  }
}
