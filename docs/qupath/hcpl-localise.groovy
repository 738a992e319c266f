/*
 * Localises the protein in the cells of the open image: adds each cell as a classified object, with its probability for each class as a measurement.
 *
 * Written against the API of QuPath 0.6 (Java 21) and 0.7 (Java 25); QuPath 0.5 and before run on Java 17, which is too old for HCPL.
 * It has been run with Groovy 4 against stand-ins for QuPath's classes with their published signatures, not in QuPath itself, which is not part of the project's tests.
 * Please report what does not work.
 *
 * Once: `mvn -q package` in the project, then drag hcpl-tensor, hcpl-nn, hcpl-scatter and hcpl-models from the modules' target folders, and of
 * hcpl-bench/target/app jackson-*.jar, commons-csv, commons-io, commons-codec, common-lang, common-io, common-image, imageio-core, imageio-metadata and imageio-tiff,
 * onto QuPath's window, which copies them into its folder for extensions. Restart. Leave out what QuPath has already (slf4j always).
 *
 * Each time: open an image of four channels, say below which channel is which, and run this from the script editor.
 * With FOLDER set, the channels are read from the files <id>_red.png, <id>_green.png, ... there instead, <id> being the open image's name up to its last underscore.
 *
 * Speed: start QuPath with --add-modules jdk.incubator.vector (JDK_JAVA_OPTIONS, or java-options in its .cfg file). Without it everything works, several times slower.
 */
import java.nio.file.Path
import org.hcpl.models.image.HpaImage
import org.hcpl.models.image.ImageFolder
import org.hcpl.models.image.Plane
import org.hcpl.models.localise.Localiser
import qupath.lib.analysis.images.ContourTracing
import qupath.lib.analysis.images.SimpleImages
import qupath.lib.objects.PathObjects
import qupath.lib.objects.classes.PathClass
import qupath.lib.regions.RegionRequest

import static qupath.lib.scripting.QP.*

// What to set
def MODEL = '/path/to/model.safetensors'                                    // written by hcpl train
def CHANNELS = [microtubules: 0, protein: 1, nucleus: 2, reticulum: 3]      // numbers of the open image's channels, from 0
def FOLDER = null                                                           // or '/path/to/images'

def server = getCurrentServer()
def name = server.metadata.name.replaceFirst(/\.[^.]+$/, '')
def request = RegionRequest.createInstance(server, 1.0)                     // the whole image, every pixel

/** One channel in 0..1, by the range of its type: 255 for 8 bits, 65535 for 16; larger types as they are. */
def plane = { raster, int band, double range ->
  int w = raster.width, h = raster.height
  float[] values = raster.getSamples(0, 0, w, h, band, (float[]) null)
  for (int i = 0; i < values.length; i++) {
    values[i] = (float) (values[i] / range)
  }
  new Plane(h, w, values)
}

def open = {
  if (FOLDER != null) {
    def id = name.contains('_') ? name.substring(0, name.lastIndexOf('_')) : name
    return ImageFolder.channels(Path.of(FOLDER)).read(id)
  }
  if (server.nChannels() < 4) {
    throw new IllegalArgumentException("the image has ${server.nChannels()} channels (expected: 4; or set FOLDER)")
  }
  def raster = server.readRegion(request).raster
  int bits = server.pixelType.bitsPerPixel
  double range = bits == 8 ? 255 : bits == 16 ? 65535 : 1
  def order = [CHANNELS.microtubules, CHANNELS.protein, CHANNELS.nucleus, CHANNELS.reticulum]
  new HpaImage(name, order.collect { plane(raster, it, range) }, server.pixelCalibration.averagedPixelSizeMicrons as double)
}

def localiser = Localiser.open(Path.of(MODEL))
def found = localiser.localise(open())
if (found.cellMask() == null) {
  found.classes().eachWithIndex { label, c -> println String.format('%-40s %.3f', label, found.image()[c]) }
  return                                                                    // a network that looks at whole images finds no cells
}

/** Outlines by number. */
def outlines = { mask ->
  float[] values = new float[mask.labels().length]
  for (int i = 0; i < values.length; i++) {
    values[i] = mask.labels()[i]
  }
  ContourTracing.createROIs(SimpleImages.createFloatImage(values, mask.width(), mask.height()), request, 1, -1)
      .collectEntries { number, roi -> [(number.intValue()): roi] }
}
def cells = outlines(found.cellMask())
def nuclei = outlines(found.nucleusMask())

def description = localiser.description()
def objects = found.cells().findAll { cells[it.box().label()] != null }.collect { cell ->
  int best = cell.mostLikely()
  boolean sure = cell.probabilities()[best] >= description.threshold(best)
  def type = sure ? PathClass.fromString(found.classes()[best]) : null      // below its threshold no class is claimed
  def object = PathObjects.createCellObject(cells[cell.box().label()], nuclei[cell.box().label()], type, null)
  found.classes().eachWithIndex { label, c -> object.measurements['HCPL: ' + label] = cell.probabilities()[c] as double }
  object.name = 'cell ' + cell.box().label()
  object
}
addObjects(objects)
fireHierarchyUpdate()
println "${objects.size()} cells in ${name} by ${description.model()}"
