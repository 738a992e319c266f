package org.hcpl.train.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.FileErrors;

/**
 * An HTML page that is one file: styles and pictures are inside, nothing is loaded from elsewhere.
 * All text is escaped.
 */
public final class HtmlReport {
  private static final String STYLE = "report.css";

  /** Of photographs: outlines of a pixel's width stay crisp. */
  private static final float QUALITY = 0.88f;

  private final String title;
  private final StringBuilder body = new StringBuilder();

  public HtmlReport(String title) {
    this.title = title;
    body.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  public HtmlReport heading(String text) {
    body.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  public HtmlReport smallHeading(String text) {
    body.append("<h3>").append(escape(text)).append("</h3>\n");
    return this;
  }

  public HtmlReport paragraph(String text) {
    body.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  /** A paragraph that must not be missed. */
  public HtmlReport warning(String text) {
    body.append("<p class=warning>").append(escape(text)).append("</p>\n");
    return this;
  }

  /** Figures in a row of tiles: what, and its value. */
  public HtmlReport tiles(Map<String, String> facts) {
    body.append("<div class=tiles>");
    facts.forEach(
        (what, value) ->
            body.append("<div class=tile><b>")
                .append(escape(value))
                .append("</b><span>")
                .append(escape(what))
                .append("</span></div>"));
    body.append("</div>\n");
    return this;
  }

  /** A table; cells that look like numbers stand to the right. */
  public HtmlReport table(List<String> header, List<List<String>> rows) {
    body.append("<table><thead><tr>");
    header.forEach(cell -> body.append("<th>").append(escape(cell)).append("</th>"));
    body.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      body.append("<tr>");
      for (String cell : row) {
        boolean number = cell.matches("[-+]?[0-9.,]+%?|-");
        body.append(number ? "<td class=n>" : "<td>").append(escape(cell)).append("</td>");
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table>\n");
    return this;
  }

  /** Bars from 0 to 1, each with a name and its value in percent. */
  public HtmlReport bars(Map<String, Double> values) {
    return bars(
        values.entrySet().stream()
            .map(each -> new Bar(each.getKey(), each.getValue(), ""))
            .toList());
  }

  /** Bars from 0 to 1, each with a name, its value in percent, and a remark. */
  public HtmlReport bars(List<Bar> bars) {
    body.append("<div class=bars>");
    for (Bar bar : bars) {
      body.append("<span class=name>")
          .append(escape(bar.name()))
          .append("</span><span class=bar><i style=\"width:")
          .append(String.format(Locale.ROOT, "%.1f", 100 * Math.min(1, Math.max(0, bar.value()))))
          .append("%\"></i></span><span class=n>")
          .append(String.format(Locale.ROOT, "%.0f%%", 100 * bar.value()))
          .append("</span><span class=soft>")
          .append(escape(bar.remark()))
          .append("</span>");
    }
    body.append("</div>\n");
    return this;
  }

  /** A name, a value from 0 to 1, and a remark that may be empty. */
  public record Bar(String name, double value, String remark) {}

  /** Text that folds out when its title is clicked. */
  public HtmlReport folded(String title, List<String> paragraphs) {
    body.append("<details><summary>").append(escape(title)).append("</summary>\n");
    paragraphs.forEach(this::paragraph);
    body.append("</details>\n");
    return this;
  }

  /** A picture as wide as the page allows, with every pixel as it is. */
  public HtmlReport picture(BufferedImage picture, String caption) {
    figure("png", picture, caption, null);
    body.append('\n');
    return this;
  }

  /** A picture from a PNG file. */
  public HtmlReport picture(Path png, String caption) {
    try {
      return picture(ImageIO.read(png.toFile()), caption);
    } catch (IOException e) {
      throw new TensorException(png + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A photograph as wide as the page allows, in a tenth of the bytes.
   *
   * @param link address that opens on a click, or null
   */
  public HtmlReport photograph(BufferedImage picture, String caption, String link) {
    figure("jpeg", picture, caption, link);
    body.append('\n');
    return this;
  }

  /** Small photographs side by side. */
  public HtmlReport gallery(List<Thumbnail> pictures) {
    body.append("<div class=gallery>");
    pictures.forEach(each -> figure("jpeg", each.picture(), each.caption(), each.link()));
    body.append("</div>\n");
    return this;
  }

  /**
   * A small photograph and what it shows.
   *
   * @param link address that opens on a click, or null
   */
  public record Thumbnail(BufferedImage picture, String caption, String link) {}

  /** Puts in a piece of page as it is; whoever makes it escapes what it is made of. */
  HtmlReport raw(String html) {
    body.append(html);
    return this;
  }

  private void figure(String format, BufferedImage picture, String caption, String link) {
    body.append("<figure>");
    if (link != null) {
      body.append("<a href=\"").append(escape(link)).append("\">");
    }
    body.append("<img alt=\"")
        .append(escape(caption))
        .append("\" width=")
        .append(picture.getWidth())
        .append(" height=")
        .append(picture.getHeight())
        .append(" src=\"data:image/")
        .append(format)
        .append(";base64,")
        .append(Base64.getEncoder().encodeToString(encoded(format, picture)))
        .append("\">")
        .append(link == null ? "" : "</a>")
        .append("<figcaption>")
        .append(escape(caption))
        .append("</figcaption></figure>");
  }

  private static byte[] encoded(String format, BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionQuality(QUALITY);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), how);
    } catch (IOException e) {
      throw new TensorException("report: picture cannot be encoded: " + e.getMessage(), e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Writes the page, as a whole or not at all. */
  public void write(Path file) {
    String page =
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>"
            + escape(title)
            + "</title>\n<style>\n"
            + style()
            + "</style></head>\n<body><main>\n"
            + body
            + "</main></body></html>\n";
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(part, page, StandardCharsets.UTF_8);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TensorException(FileErrors.unwritable(file, e), e);
    }
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TensorException("report: style sheet cannot be read: " + e.getMessage(), e);
    }
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
