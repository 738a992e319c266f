package org.hcpl.train.atlas;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;

/**
 * Images like those of the Human Protein Atlas, made up: cells with a nucleus, microtubules, an
 * endoplasmic reticulum and a protein that follows one or several of the 19 patterns of the 2021
 * contest, each cell with its own true labels, the image with their union. Everything about them is
 * known, so that segmentation, training from weak labels and the metric can be tried without data.
 *
 * <p>Image i depends on the options and i alone, not on the others or on threads; the same options
 * give the same bits on any machine.
 */
public final class SyntheticAtlas {
  /** Changes whenever the same options would make other images. */
  public static final int VERSION = 1;

  private static final int SPINDLE = 11;
  private static final int NEGATIVE = 18;

  /** Patterns that a dividing cell keeps: centrosome, plasma membrane, cytosol. */
  private static final List<Integer> IN_DIVISION = List.of(12, 13, 16);

  /** How many of the 21,806 images of the 2021 contest's training table have each label. */
  private static final int[] CONTEST_COUNTS = {
    8797, 1095, 2451, 1262, 1425, 1792, 775, 1846, 964, 1011, 818, 78, 1734, 3216, 2013, 252, 5685,
    621, 34
  };

  /** A cell whose nucleus is seen to less than this share is drawn, but is not in the truth. */
  private static final double LEAST_NUCLEUS = 0.25;

  /** Share of the cells in division, where the image's protein marks the spindle. */
  private static final double DIVIDING = 0.35;

  private final AtlasOptions options;

  public SyntheticAtlas(AtlasOptions options) {
    this.options = options;
  }

  public AtlasOptions options() {
    return options;
  }

  public int size() {
    return options.images();
  }

  /** The name of an image. */
  public String id(int index) {
    return String.format(Locale.ROOT, "synthetic-%x-%05d", options.seed(), checked(index));
  }

  private int checked(int index) {
    if (index < 0 || index >= options.images()) {
      throw new AtlasException(
          "synthetic atlas: image " + index + " (expected: 0 to " + (options.images() - 1) + ")");
    }
    return index;
  }

  /** Makes an image. Safe to call from several threads. */
  public SyntheticImage image(int index) {
    Draws draws = Draws.of(options.seed(), 2L * checked(index));
    List<Integer> patterns = patterns(index, draws.split());
    double scale = 0.32 / options.pixelSizeMicrometres();
    Draws layout = draws.split();
    Scene scene =
        new Scene(
            layout,
            options.size(),
            layout.between(options.minCells(), options.maxCells()),
            patterns.contains(SPINDLE) ? DIVIDING : 0,
            scale);
    int[] numbers = numbers(scene);
    List<List<Integer>> labels = cellLabels(scene, patterns, numbers, draws.split());
    HpaImage image = render(scene, labels, draws, id(index));

    TreeMap<Integer, List<Integer>> byNumber = new TreeMap<>();
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] > 0) {
        byNumber.put(numbers[i], labels.get(i));
      }
    }
    List<List<Integer>> cellLabels = new ArrayList<>(byNumber.values());
    return new SyntheticImage(
        image,
        labelImage(scene, numbers, false),
        labelImage(scene, numbers, true),
        union(cellLabels),
        cellLabels);
  }

  /** The pattern that an image is made for; it may have others besides. */
  int mainPattern(int index) {
    // Steps of the golden ratio from a random start spread the images over the classes as evenly
    // as any prefix of them allows.
    double start = Draws.of(options.seed(), -1).uniform();
    double at = start + index * 0.6180339887498949;
    return weighted(options.classes(), at - Math.floor(at));
  }

  private int weighted(List<Integer> labels, double at) {
    double total = 0;
    for (int label : labels) {
      total += weight(label);
    }
    double left = at * total;
    for (int label : labels) {
      left -= weight(label);
      if (left < 0) {
        return label;
      }
    }
    return labels.get(labels.size() - 1);
  }

  private double weight(int label) {
    return StrictMath.pow(CONTEST_COUNTS[label], options.imbalance());
  }

  private List<Integer> patterns(int index, Draws draws) {
    int first = mainPattern(index);
    TreeSet<Integer> patterns = new TreeSet<>(List.of(first));
    List<Integer> left = new ArrayList<>(options.classes());
    left.removeAll(List.of(first, NEGATIVE));
    while (first != NEGATIVE
        && patterns.size() < options.maxLabels()
        && !left.isEmpty()
        && draws.chance(options.moreLabels())) {
      Integer further = weighted(left, draws.uniform());
      patterns.add(further);
      left.remove(further);
    }
    return List.copyOf(patterns);
  }

  /** The number of each cell in the label images, 0 for those that do not count. */
  private int[] numbers(Scene scene) {
    int[] nucleus = new int[scene.cells.size()];
    int[] visible = new int[scene.cells.size()];
    int end = scene.size - scene.margin;
    for (int at = 0; at < scene.owner.length; at++) {
      int cell = scene.owner[at];
      int row = at / scene.size;
      int column = at % scene.size;
      if (cell >= 0 && scene.cells.get(cell).relativeAt(row, column) < 1) {
        nucleus[cell]++;
        boolean seen = row >= scene.margin && row < end && column >= scene.margin && column < end;
        visible[cell] += seen ? 1 : 0;
      }
    }
    int[] numbers = new int[nucleus.length];
    int next = 1;
    for (int i = 0; i < numbers.length; i++) {
      if (visible[i] > 0 && visible[i] >= LEAST_NUCLEUS * nucleus[i]) {
        numbers[i] = next++;
      }
    }
    return numbers;
  }

  private List<List<Integer>> cellLabels(
      Scene scene, List<Integer> patterns, int[] numbers, Draws draws) {
    List<List<Integer>> labels = new ArrayList<>();
    TreeSet<Integer> shown = new TreeSet<>();
    for (int i = 0; i < scene.cells.size(); i++) {
      List<Integer> of = new ArrayList<>(patterns);
      if (scene.cells.get(i).dividing) {
        of.removeIf(label -> label != SPINDLE && !IN_DIVISION.contains(label));
      } else {
        of.remove(Integer.valueOf(SPINDLE));
        // The first cell shows all, so that the main pattern is in every image.
        boolean absent = draws.chance(options.absence());
        int which = draws.below(Math.max(1, of.size()));
        if (i > 0 && absent && !of.isEmpty()) {
          of.remove(which);
        }
      }
      labels.add(of.isEmpty() ? List.of(NEGATIVE) : List.copyOf(of));
      if (numbers[i] > 0) {
        shown.addAll(labels.get(i));
      }
    }
    // A cell at the border that does not count must not show what no other cell does.
    for (int i = 0; i < numbers.length; i++) {
      if (!shown.containsAll(labels.get(i))) {
        List<Integer> of = new ArrayList<>(labels.get(i));
        of.retainAll(shown);
        labels.set(i, of.isEmpty() ? List.of(NEGATIVE) : of);
      }
    }
    return labels;
  }

  private static List<Integer> union(Collection<List<Integer>> cellLabels) {
    TreeSet<Integer> union = new TreeSet<>();
    cellLabels.forEach(union::addAll);
    if (union.size() > 1) {
      union.remove(NEGATIVE);
    }
    return List.copyOf(union);
  }

  private HpaImage render(Scene scene, List<List<Integer>> labels, Draws draws, String id) {
    int pixels = scene.size * scene.size;
    float[] red = new float[pixels];
    float[] green = new float[pixels];
    float[] blue = new float[pixels];
    float[] yellow = new float[pixels];
    Texture texture = new Texture(draws.split(), scene.scale);
    Draws cells = draws.split();
    for (int i = 0; i < scene.cells.size(); i++) {
      Cell cell = scene.cells.get(i);
      Draws own = cells.split();
      Patch microtubules = Structures.microtubules(cell, own.split(), scene.scale);
      Patch reticulum = Structures.reticulum(cell, texture, own.split(), scene.scale);
      microtubules.onto(red, scene.size, own.uniform(0.75, 1.15));
      reticulum.onto(yellow, scene.size, own.uniform(0.75, 1.15));
      Structures.nucleus(cell, texture, own.split(), scene.scale).onto(blue, scene.size, 1);
      double expression = own.uniform(0.6, 1.1);
      boolean several = labels.get(i).size() > 1;
      for (int label : labels.get(i)) {
        Patterns patterns =
            new Patterns(cell, texture, own.split(), scene.scale, microtubules, reticulum);
        double share = several ? own.uniform(0.55, 1) : 1;
        patterns.draw(label).onto(green, scene.size, expression * share);
      }
    }
    Camera camera = new Camera(draws.split(), options.noise(), options.blurPixels());
    List<Plane> planes = new ArrayList<>();
    for (float[] canvas : List.of(red, green, blue, yellow)) {
      double gain = draws.uniform(0.8, 1.1);
      planes.add(camera.take(canvas, scene.size, options.size(), gain, 70));
    }
    return new HpaImage(id, planes, options.pixelSizeMicrometres());
  }

  private LabelImage labelImage(Scene scene, int[] numbers, boolean nuclei) {
    LabelImage image = LabelImage.of(options.size(), options.size());
    for (int row = 0; row < options.size(); row++) {
      for (int column = 0; column < options.size(); column++) {
        int y = row + scene.margin;
        int x = column + scene.margin;
        int cell = scene.owner[y * scene.size + x];
        if (cell >= 0 && (!nuclei || scene.cells.get(cell).relativeAt(y, x) < 1)) {
          image.labels()[row * options.size() + column] = numbers[cell];
        }
      }
    }
    return image;
  }

  /**
   * The images to keep for testing: about the given share of those made for each pattern, at least
   * one of a pattern with two images or more; sorted, the same for the same options.
   *
   * @param share 0 to 1
   */
  public List<Integer> testImages(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new AtlasException(
          "synthetic atlas: test share " + share + " (expected: 0 to below 1)");
    }
    TreeMap<Integer, List<Integer>> byPattern = new TreeMap<>();
    for (int i = 0; i < size(); i++) {
      byPattern.computeIfAbsent(mainPattern(i), label -> new ArrayList<>()).add(i);
    }
    TreeSet<Integer> test = new TreeSet<>();
    Draws draws = Draws.of(options.seed(), -3);
    for (List<Integer> images : byPattern.values()) {
      int wanted = (int) Math.round(share * images.size());
      if (wanted == 0 && share > 0 && images.size() > 1) {
        wanted = 1;
      }
      for (int k = 0; k < wanted; k++) {
        test.add(images.remove(draws.below(images.size())));
      }
    }
    return List.copyOf(test);
  }
}
