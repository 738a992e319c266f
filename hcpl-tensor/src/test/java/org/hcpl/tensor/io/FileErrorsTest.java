package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FileErrorsTest {
  @Test
  void theReasonIsInWordsAndWithoutThePath() {
    assertThat(FileErrors.reason(new AccessDeniedException("a/b"))).isEqualTo("permission denied");
    assertThat(FileErrors.reason(new DirectoryNotEmptyException("a/b")))
        .isEqualTo("a folder of this name is in its place");
    assertThat(FileErrors.reason(new FileSystemException("a/b", "c", "File name too long")))
        .isEqualTo("File name too long");
    assertThat(FileErrors.reason(new UncheckedIOException(new IOException("broken"))))
        .isEqualTo("broken");
    assertThat(FileErrors.reason(new IOException("write error", new IOException("disk full"))))
        .isEqualTo("disk full");
    assertThat(FileErrors.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
