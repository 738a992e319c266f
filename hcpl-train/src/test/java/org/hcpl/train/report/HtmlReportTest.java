package org.hcpl.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hcpl.tensor.TensorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  @TempDir Path folder;

  /** File names come from anywhere; none of them becomes part of the page's code. */
  @Test
  void allTextIsEscaped() throws Exception {
    String hostile = "<script>alert(\"1\")</script>&";
    Path file = folder.resolve("report.html");
    new HtmlReport(hostile)
        .heading(hostile)
        .smallHeading(hostile)
        .paragraph(hostile)
        .tiles(Map.of(hostile, hostile))
        .table(List.of(hostile), List.of(List.of(hostile)))
        .bars(Map.of(hostile, 0.5))
        .picture(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), hostile)
        .write(file);
    assertThat(Files.readString(file))
        .doesNotContain("<script", "alert(\"")
        .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;")
        .contains("data:image/png;base64,");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void barsStayInsideAndNumbersStandRight() throws Exception {
    Path file = folder.resolve("report.html");
    new HtmlReport("t")
        .bars(Map.of("much", 1.7))
        .bars(Map.of("little", -0.2))
        .table(List.of("name", "AP"), List.of(List.of("Cytosol", "12.5%")))
        .write(file);
    assertThat(Files.readString(file))
        .contains("width:100.0%", "width:0.0%")
        .contains("<td>Cytosol</td><td class=n>12.5%</td>");
  }

  @Test
  void aPageThatCannotBeWrittenSaysSo() {
    Path file = folder.resolve("no/such/report.html");
    assertThatThrownBy(() -> new HtmlReport("t").write(file))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining(file + ": cannot be written")
        .hasMessageContaining("help: free some space");
  }
}
