package org.hcpl.models.examples;

import java.nio.file.Path;
import org.hcpl.models.image.HpaImage;
import org.hcpl.models.image.ImageFolder;
import org.hcpl.models.localise.Localisation;
import org.hcpl.models.localise.LocalisedCell;
import org.hcpl.models.localise.Localiser;

public class LocaliseExample {
  public static void main(String[] args) {
    Localiser localiser = Localiser.open(Path.of(args[0])); // model.safetensors, from hcpl train
    HpaImage image = ImageFolder.channels(Path.of(args[1])).read(args[2]); // folder, image's name
    Localisation found = localiser.localise(image);
    for (LocalisedCell cell : found.cells()) {
      int best = cell.mostLikely();
      System.out.printf(
          "cell %d, %d pixels: %s %.2f%n",
          cell.box().label(),
          cell.box().area(),
          found.classes().get(best),
          cell.probabilities()[best]);
    }
  }
}
