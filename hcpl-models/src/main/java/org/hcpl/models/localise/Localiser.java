package org.hcpl.models.localise;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.hcpl.models.ModelFile;
import org.hcpl.models.ModelSpec;
import org.hcpl.models.Models;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.LabelImage;
import org.hcpl.models.image.Plane;
import org.hcpl.models.segment.CellSegmenter;
import org.hcpl.models.segment.Segmentation;
import org.hcpl.nn.Module;
import org.hcpl.tensor.Grad;
import org.hcpl.tensor.Scope;
import org.hcpl.tensor.Shape;
import org.hcpl.tensor.Tensor;
import org.hcpl.tensor.op.Resize;

/**
 * An image in, its cells with their probabilities out.
 *
 * <pre>{@code
 * Localiser localiser = Localiser.open(Path.of("model.safetensors"));
 * HpaImage image = ImageFolder.channels(Path.of("images")).read("my_image");
 * Localisation found = localiser.localise(image);
 * for (LocalisedCell cell : found.cells()) {
 *   System.out.println(cell.box().label() + ": " + found.classes().get(cell.mostLikely()));
 * }
 * }</pre>
 *
 * <p>Networks that look at whole images give probabilities of the image and no cells. Thread-safe.
 */
public final class Localiser {
  /** Cells that go through the network at a time: bounds memory. */
  private static final int BATCH = 32;

  /** Side of a contest image in pixels. */
  private static final int CONTEST_SIDE = 2048;

  private final ModelFile.Description description;
  private final Module network;
  private final Function<HpaImage, Segmentation> segmenter;
  private final Dsa.Stream stream;
  private final boolean enlarge;

  private Localiser(
      ModelFile.Description description,
      Module network,
      Function<HpaImage, Segmentation> segmenter,
      Dsa.Stream stream,
      boolean enlarge) {
    this.description = description;
    this.network = network;
    this.segmenter = segmenter;
    this.stream = stream;
    this.enlarge = enlarge;
  }

  /**
   * A localiser of a model file, which finds cells by {@link CellSegmenter}.
   *
   * @param modelFile what training wrote, or GapNet-PL's published checkpoint
   * @throws org.hcpl.models.ModelException if it cannot be used, with the reason and the cure
   */
  public static Localiser open(Path modelFile) {
    return of(ModelFile.load(modelFile));
  }

  /** A localiser of a network in memory. */
  public static Localiser of(ModelFile.Loaded model) {
    model.network().eval();
    return new Localiser(
        model.description(),
        model.network(),
        image -> new CellSegmenter().segment(image),
        Dsa.Stream.FUSED,
        false);
  }

  /** The same with cells found in another way. */
  public Localiser segmenter(Function<HpaImage, Segmentation> other) {
    return new Localiser(description, network, other, stream, enlarge);
  }

  /** The same by one stream of a DSA alone, or by both; other networks have no streams. */
  public Localiser stream(Dsa.Stream other) {
    return new Localiser(description, network, segmenter, other, enlarge);
  }

  /**
   * The same, with images of at most 1024 pixels a side enlarged to 2048 before a network sees
   * windows of them: contest images have that size, smaller ones are reductions, and such networks
   * learnt from the full ones.
   */
  public Localiser enlarging() {
    return new Localiser(description, network, segmenter, stream, true);
  }

  /** What the network is. */
  public ModelFile.Description description() {
    return description;
  }

  /** Whether the network looks at whole images, and finds no cells. */
  public boolean wholeImages() {
    return Models.spec(description.model()).level() == ModelSpec.Level.IMAGE;
  }

  /** Whether {@link #enlarging} changes anything: whether the network sees windows of images. */
  public boolean canEnlarge() {
    return wholeImages() && description.preprocessing().windows();
  }

  /**
   * Localises the protein of an image.
   *
   * @throws org.hcpl.models.image.ImageException if the image cannot be used
   */
  public Localisation localise(HpaImage image) {
    if (enlarge && canEnlarge()) {
      image = atContestSize(image);
    }
    List<Plane> planes = description.preprocessing().planes(image);
    if (wholeImages()) {
      float[] whole = new ImageProbabilities(description, network).of(planes);
      return new Localisation(image.id(), description.classes(), null, null, List.of(), whole);
    }
    return localise(image.id(), planes, segmenter.apply(image));
  }

  /**
   * Enlarged by bicubic interpolation to the size of contest images, unless it has more than half
   * of it.
   */
  private static HpaImage atContestSize(HpaImage image) {
    int longer = Math.max(image.height(), image.width());
    if (longer > CONTEST_SIDE / 2) {
      return image;
    }
    double factor = (double) CONTEST_SIDE / longer;
    int height = (int) Math.round(image.height() * factor);
    int width = (int) Math.round(image.width() * factor);
    List<Plane> planes = new ArrayList<>();
    try (Grad.Mode mode = Grad.off();
        Scope scope = Scope.open()) {
      for (Plane plane : image.planes()) {
        Tensor small = Tensor.of(plane.values(), 1, image.height(), image.width(), 1);
        planes.add(
            new Plane(height, width, small.resize(height, width, Resize.Mode.BICUBIC).toArray()));
      }
    }
    return new HpaImage(image.id(), planes, image.pixelSizeMicrometres() / factor);
  }

  private Localisation localise(String id, List<Plane> planes, Segmentation found) {
    List<CellBox> boxes = CellBox.of(found.cells());
    float[] whole = null;
    List<float[]> rows = List.of();
    if (!boxes.isEmpty()) {
      try (Grad.Mode mode = Grad.off();
          Scope scope = Scope.open()) {
        if (network instanceof Dsa dsa) {
          Bags bag = Bags.of(boxes.size());
          Dsa.Streams streams =
              dsa.streamsOf(inBatches(planes, found.cells(), boxes, dsa::descriptors), bag);
          whole = streams.images().sigmoid().toArray();
          rows = new ArrayList<>();
          for (float[] cell : rows(streams.cells().sigmoid())) {
            rows.add(
                switch (stream) {
                  case CELL -> cell;
                  case IMAGE -> whole.clone();
                  case FUSED -> description.gate().fuse(whole, cell);
                });
          }
        } else {
          Tensor logits = inBatches(planes, found.cells(), boxes, network::apply);
          rows = rows(description.exclusive() ? logits.softmax(-1) : logits.sigmoid());
        }
      }
    }
    List<LocalisedCell> cells = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      cells.add(new LocalisedCell(boxes.get(i), rows.get(i)));
    }
    return new Localisation(id, description.classes(), found.cells(), found.nuclei(), cells, whole);
  }

  /** Runs {@code part} over crops of all cells; {@code [cells, D]}. */
  private Tensor inBatches(
      List<Plane> planes, LabelImage mask, List<CellBox> boxes, Function<Tensor, Tensor> part) {
    List<Tensor> results = new ArrayList<>();
    for (int start = 0; start < boxes.size(); start += BATCH) {
      int end = Math.min(boxes.size(), start + BATCH);
      try (Scope scope = Scope.open()) {
        results.add(part.apply(crops(planes, mask, boxes.subList(start, end))).keep());
      }
    }
    return Tensor.concat(0, results);
  }

  private Tensor crops(List<Plane> planes, LabelImage mask, List<CellBox> boxes) {
    int side = description.side();
    int size = side * side * planes.size();
    float[] values = new float[boxes.size() * size];
    for (int i = 0; i < boxes.size(); i++) {
      float[] crop = CellCrops.cut(planes, mask, boxes.get(i), side);
      description.contrast().apply(crop, 0, side * side, planes.size());
      System.arraycopy(crop, 0, values, i * size, size);
    }
    return Tensor.of(values, Shape.of(boxes.size(), side, side, planes.size()));
  }

  private static List<float[]> rows(Tensor probabilities) {
    float[] values = probabilities.toArray();
    int width = probabilities.dim(1);
    List<float[]> rows = new ArrayList<>();
    for (int start = 0; start < values.length; start += width) {
      rows.add(Arrays.copyOfRange(values, start, start + width));
    }
    return rows;
  }
}
