package org.hcpl.models.localise;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A numbered list of localisation classes. A label is an index into it; the labels of an image or a
 * cell are kept as a sorted list without duplicates.
 *
 * @param id what the list is called in messages and files
 * @param names in the order of the labels
 */
public record ClassList(String id, List<String> names) {
  /** The 19 classes of the 2021 single-cell contest. */
  public static final ClassList HPA_2021 =
      new ClassList(
          "hpa2021",
          List.of(
              "Nucleoplasm",
              "Nuclear membrane",
              "Nucleoli",
              "Nucleoli fibrillar center",
              "Nuclear speckles",
              "Nuclear bodies",
              "Endoplasmic reticulum",
              "Golgi apparatus",
              "Intermediate filaments",
              "Actin filaments",
              "Microtubules",
              "Mitotic spindle",
              "Centrosome",
              "Plasma membrane",
              "Mitochondria",
              "Aggresome",
              "Cytosol",
              "Vesicles and punctate cytosolic patterns",
              "Negative"));

  /** The 28 classes of the 2018 image classification contest. */
  public static final ClassList HPA_2018 =
      new ClassList(
          "hpa2018",
          List.of(
              "Nucleoplasm",
              "Nuclear membrane",
              "Nucleoli",
              "Nucleoli fibrillar center",
              "Nuclear speckles",
              "Nuclear bodies",
              "Endoplasmic reticulum",
              "Golgi apparatus",
              "Peroxisomes",
              "Endosomes",
              "Lysosomes",
              "Intermediate filaments",
              "Actin filaments",
              "Focal adhesion sites",
              "Microtubules",
              "Microtubule ends",
              "Cytokinetic bridge",
              "Mitotic spindle",
              "Microtubule organizing center",
              "Centrosome",
              "Lipid droplets",
              "Plasma membrane",
              "Cell junctions",
              "Mitochondria",
              "Aggresome",
              "Cytosol",
              "Cytoplasmic bodies",
              "Rods & rings"));

  /** The 13 classes of the CYTO 2017 challenge, in the order of GapNet-PL's published network. */
  public static final ClassList CYTO_2017 =
      new ClassList(
          "cyto2017",
          List.of(
              "Actin filaments",
              "Centrosome",
              "Cytosol",
              "Endoplasmic reticulum",
              "Golgi apparatus",
              "Intermediate filaments",
              "Microtubules",
              "Mitochondria",
              "Nuclear membrane",
              "Nucleoli",
              "Nucleus",
              "Plasma membrane",
              "Vesicles"));

  /**
   * From 2018 to 2021, -1 where the class has no counterpart. The organisers' published map leaves
   * four classes open; of the 21,806 images of the 2021 training table that the 2018 one has too:
   *
   * <ul>
   *   <li>18 Microtubule organizing center is 12 Centrosome (592 of 595 images)
   *   <li>15 Microtubule ends (12 images), 16 Cytokinetic bridge (358) and 27 Rods &amp; rings (6)
   *       were dropped: no class of 2021 comes with them more often than their companions explain
   * </ul>
   */
  private static final int[] FROM_2018 = {
    0, 1, 2, 3, 4, 5, 6, 7, 17, 17, 17, 8, 9, 9, 10, -1, -1, 11, 12, 12, 17, 13, 13, 14, 15, 16, 17,
    -1
  };

  private static final Pattern SEPARATORS = Pattern.compile("[|;]");
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,9}");

  public ClassList {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new LabelException("class list " + id + ": no names (expected: at least one)");
    }
  }

  public int size() {
    return names.size();
  }

  /** The name of a label. */
  public String name(int label) {
    if (label < 0 || label >= size()) {
      throw new LabelException(unknown(Integer.toString(label)));
    }
    return names.get(label);
  }

  /** The label of a name, whatever its case; -1 if no class has it. */
  public int indexOf(String name) {
    for (int i = 0; i < size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The labels in a text such as {@code 0|5}, {@code 0 5}, {@code 0;5}, {@code Nucleoplasm|Nuclear
   * bodies} or {@code Nucleoplasm}: numbers or names, names separated by a bar or semicolon because
   * they hold spaces.
   *
   * @param where file and line, for messages
   * @return sorted, without duplicates, at least one
   * @throws LabelException on an empty text or a class that is not in this list
   */
  public List<Integer> parse(String text, String where) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new LabelException(
          where
              + ": no label (expected: "
              + example()
              + ")"
              + (indexOf("Negative") < 0
                  ? ""
                  : "\nhelp: an image or cell without signal has the label "
                      + indexOf("Negative")));
    }
    TreeSet<Integer> labels = new TreeSet<>();
    boolean names = SEPARATORS.matcher(stripped).find() || indexOf(stripped) >= 0;
    for (String token : (names ? SEPARATORS : SPACES).split(stripped)) {
      labels.add(label(token.strip(), where));
    }
    return List.copyOf(labels);
  }

  private int label(String token, String where) {
    int label = NUMBER.matcher(token).matches() ? Integer.parseInt(token) : indexOf(token);
    if (label < 0 || label >= size()) {
      throw new LabelException(where + ": " + unknown(token));
    }
    return label;
  }

  private String unknown(String token) {
    return String.format(
        Locale.ROOT,
        "label '%s' is not one of %s's %d classes (expected: 0..%d or a name, %s)%n"
            + "help: tables of another contest have other numbers; say which class list they use (hcpl train --classes 28 for that of 2018)",
        token.length() <= 40 ? token : token.substring(0, 40) + "...",
        id,
        size(),
        size() - 1,
        example());
  }

  private String example() {
    return size() == 1 ? "0" : "such as '0' or '0|" + (size() - 1) + "'";
  }

  /** The labels as contest tables write them, {@code 0|5}. */
  public String format(Collection<Integer> labels) {
    return labels.stream().map(String::valueOf).collect(Collectors.joining("|"));
  }

  /** 1 at each of the labels, 0 elsewhere, {@code [size]}. */
  public float[] multiHot(Collection<Integer> labels) {
    float[] hot = new float[size()];
    for (int label : labels) {
      name(label);
      hot[label] = 1;
    }
    return hot;
  }

  /**
   * Labels of {@link #HPA_2018} as labels of {@link #HPA_2021}; classes without a counterpart
   * (Microtubule ends, Cytokinetic bridge, Rods &amp; rings) are left out.
   *
   * @return sorted, without duplicates, empty if no label has a counterpart
   */
  public static List<Integer> from2018To2021(Collection<Integer> labels) {
    TreeSet<Integer> mapped = new TreeSet<>();
    for (int label : labels) {
      HPA_2018.name(label);
      if (FROM_2018[label] >= 0) {
        mapped.add(FROM_2018[label]);
      }
    }
    return new ArrayList<>(mapped);
  }

  /** The list with this id. */
  public static ClassList byId(String id) {
    for (ClassList list : List.of(HPA_2021, HPA_2018, CYTO_2017)) {
      if (list.id().equalsIgnoreCase(id)) {
        return list;
      }
    }
    throw new LabelException(
        "class list: '" + id + "' is unknown (expected: hpa2021, hpa2018 or cyto2017)");
  }
}
