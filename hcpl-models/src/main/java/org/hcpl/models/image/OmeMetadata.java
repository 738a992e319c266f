package org.hcpl.models.image;

import static org.hcpl.tensor.io.Words.count;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What the image description of a TIFF file says of its channels and scale: OME-XML (OME data
 * model, schema 2016-06: Pixels, Channel, TiffData) or ImageJ's lines of {@code key=value}.
 *
 * @param channels number of channels, 0 where not said
 * @param names one a channel, empty where not said
 * @param pages the page of each channel, empty where they follow each other
 * @param pixelSizeMicrometres NaN where unknown
 */
record OmeMetadata(
    int channels, List<String> names, List<Integer> pages, double pixelSizeMicrometres) {
  static final OmeMetadata NONE = new OmeMetadata(0, List.of(), List.of(), Double.NaN);

  /**
   * Reads a description.
   *
   * @param pixelsPerUnit of the TIFF resolution, NaN where absent
   * @throws ImageException if OME-XML is present and cannot be used
   */
  static OmeMetadata of(String file, String description, double pixelsPerUnit) {
    String text = description.strip();
    if (text.startsWith("<") && text.contains("OME")) {
      return parse(file, text);
    }
    if (text.startsWith("ImageJ=")) {
      double unit = Double.NaN;
      for (String line : text.split("\\R")) {
        if (line.startsWith("unit=")) {
          unit = micrometres(line.substring(5).replace("\\u00B5", "\u00b5"));
        }
      }
      double size = unit / pixelsPerUnit;
      return new OmeMetadata(0, List.of(), List.of(), size > 0 ? size : Double.NaN);
    }
    return NONE;
  }

  private static OmeMetadata parse(String file, String xml) {
    Document document;
    try {
      document = parser().parse(new InputSource(new StringReader(xml)));
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser cannot be made safe", e);
    } catch (SAXException | java.io.IOException e) {
      throw new ImageException(
          file
              + ": its OME-XML cannot be read: "
              + e.getMessage()
              + "\nhelp: export the file again, or remove its image description",
          e);
    }
    NodeList all = document.getElementsByTagNameNS("*", "Pixels");
    if (all.getLength() == 0) {
      return NONE;
    }
    if (all.getLength() > 1) {
      throw new ImageException(
          file
              + ": "
              + count(all.getLength(), "image")
              + " inside (expected: one)\nhelp: export each image to a file of its own");
    }
    Element pixels = (Element) all.item(0);
    for (String axis : new String[] {"SizeZ", "SizeT"}) {
      int size = number(file, pixels, axis, 1);
      if (size != 1) {
        throw new ImageException(
            file
                + ": "
                + axis
                + " "
                + size
                + " (expected: 1)\nhelp: export one focal plane and time point, or a maximum"
                + " projection");
      }
    }
    int channels = number(file, pixels, "SizeC", 0);
    List<String> names = new ArrayList<>();
    for (Element channel : children(pixels, "Channel")) {
      names.add(channel.getAttribute("Name"));
    }
    if (names.size() != channels || names.stream().allMatch(String::isEmpty)) {
      names.clear();
    }
    return new OmeMetadata(
        channels, List.copyOf(names), pages(file, pixels, channels), pixelSize(pixels));
  }

  /** A parser that opens nothing: no document type, no entities, no files, no network. */
  private static javax.xml.parsers.DocumentBuilder parser() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    javax.xml.parsers.DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new DefaultHandler()); // The default one prints to standard error.
    return builder;
  }

  private static List<Integer> pages(String file, Element pixels, int channels) {
    if (channels <= 0 || channels > 64) {
      return List.of();
    }
    Integer[] pages = new Integer[channels];
    int found = 0;
    for (Element data : children(pixels, "TiffData")) {
      int first = number(file, data, "FirstC", 0);
      int page = number(file, data, "IFD", 0);
      int count = number(file, data, "PlaneCount", data.hasAttribute("IFD") ? 1 : channels);
      for (int i = 0; i < count && i < channels && first + i < channels && first >= 0; i++) {
        if (pages[first + i] == null) {
          found++;
        }
        pages[first + i] = page + i;
      }
    }
    return found == channels ? List.of(pages) : List.of();
  }

  private static double pixelSize(Element pixels) {
    double x = length(pixels, "PhysicalSizeX");
    double y = length(pixels, "PhysicalSizeY");
    // One number stands for both edges; for pixels that are not square their mean area is kept.
    return Double.isNaN(y) || Double.isNaN(x) ? x : Math.sqrt(x * y);
  }

  private static double length(Element pixels, String attribute) {
    try {
      String unit = pixels.getAttribute(attribute + "Unit");
      double value =
          Double.parseDouble(pixels.getAttribute(attribute))
              * (unit.isEmpty() ? 1 : micrometres(unit));
      return value > 0 && Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Micrometres in a unit; NaN for units that are no length. */
  private static double micrometres(String unit) {
    return switch (unit.strip().toLowerCase(Locale.ROOT)) {
      // The micro sign, the Greek letter, and UTF-8 read as Latin-1.
      case "\u00b5m", "\u03bcm", "\u00c2\u00b5m", "\u00ce\u00bcm", "um", "micron", "microns" -> 1;
      case "micrometer", "micrometre" -> 1;
      case "nm" -> 1e-3;
      case "mm" -> 1e3;
      case "cm" -> 1e4;
      case "m" -> 1e6;
      case "inch", "in" -> 25_400;
      default -> Double.NaN;
    };
  }

  private static int number(String file, Element element, String attribute, int otherwise) {
    String text = element.getAttribute(attribute);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new ImageException(
          file + ": OME-XML " + attribute + " \"" + text + "\" (expected: a whole number)", e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && name.equals(element.getLocalName())) {
        found.add(element);
      }
    }
    return found;
  }
}
