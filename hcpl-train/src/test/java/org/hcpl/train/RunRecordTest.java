package org.hcpl.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hcpl.models.segment.SegmentOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {
  @TempDir Path folder;

  @Test
  void ofACheckpointAllFilesCountWhicheverIsGiven() throws IOException {
    Files.writeString(folder.resolve("net.ckpt.index"), "names");
    Path data = Files.writeString(folder.resolve("net.ckpt.data-00000-of-00001"), "weights");
    String before = RunRecord.sha256(folder);
    for (String name : new String[] {"net.ckpt", "net.ckpt.index", data.getFileName().toString()}) {
      assertThat(RunRecord.sha256(folder.resolve(name))).isEqualTo(before);
    }
    Files.writeString(data, "others!");
    assertThat(RunRecord.sha256(folder.resolve("net.ckpt.index"))).isNotEqualTo(before);
  }

  @Test
  void ofAFileItIsThatOfItsBytes() throws IOException {
    Path file = Files.writeString(folder.resolve("model.safetensors"), "abc");
    assertThat(RunRecord.sha256(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void aNumberThatDoesNotExistIsNull() throws IOException {
    new RunRecord("test")
        .put("size", Double.NaN)
        .put("options", SegmentOptions.DEFAULT)
        .write(folder);
    assertThat(Files.readString(folder.resolve("run.json")))
        .contains("\"size\" : null", "\"pixelSizeMicrometres\" : null", "\"cellReach\" : 2.5")
        .doesNotContain("NaN");
  }
}
