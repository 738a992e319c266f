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
import javax.imageio.ImageIO;
import org.hcpl.tensor.TensorException;
import org.hcpl.tensor.io.FileErrors;

/**
 * An HTML page that is one file: styles and pictures are inside, nothing is loaded from elsewhere.
 * All text is escaped.
 */
public final class HtmlReport {
  private static final String STYLE = "report.css";

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
    body.append("<div class=bars>");
    values.forEach(
        (name, value) ->
            body.append("<span class=name>")
                .append(escape(name))
                .append("</span><span class=bar><i style=\"width:")
                .append(String.format(Locale.ROOT, "%.1f", 100 * Math.min(1, Math.max(0, value))))
                .append("%\"></i></span><span class=n>")
                .append(String.format(Locale.ROOT, "%.0f%%", 100 * value))
                .append("</span>"));
    body.append("</div>\n");
    return this;
  }

  /** A picture as wide as the page allows. */
  public HtmlReport picture(BufferedImage picture, String caption) {
    figure(picture, caption);
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

  /** Small pictures side by side. */
  public HtmlReport gallery(List<Thumbnail> pictures) {
    body.append("<div class=gallery>");
    pictures.forEach(each -> figure(each.picture(), each.caption()));
    body.append("</div>\n");
    return this;
  }

  /** A small picture and what it shows. */
  public record Thumbnail(BufferedImage picture, String caption) {}

  private void figure(BufferedImage picture, String caption) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", bytes);
    } catch (IOException e) {
      throw new TensorException("report: picture cannot be encoded: " + e.getMessage(), e);
    }
    body.append("<figure><img alt=\"")
        .append(escape(caption))
        .append("\" src=\"data:image/png;base64,");
    body.append(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    body.append("\"><figcaption>").append(escape(caption)).append("</figcaption></figure>");
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
