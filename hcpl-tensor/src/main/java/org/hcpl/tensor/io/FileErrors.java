package org.hcpl.tensor.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What went wrong with a file, in words: many of Java's exceptions have the path alone. */
public final class FileErrors {
  private FileErrors() {}

  /** The whole message of a result that cannot be written, with a cure. */
  public static String unwritable(Path file, Throwable e) {
    return file
        + ": cannot be written: "
        + reason(e)
        + "\nhelp: free some space, or choose another output folder";
  }

  /** The reason that an exception stands for, without the path, which the message around it has. */
  public static String reason(Throwable e) {
    return switch (e) {
      case UncheckedIOException unchecked -> reason(unchecked.getCause());
      case CharacterCodingException coding -> "its text is not in UTF-8";
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "no such file or folder";
      case DirectoryNotEmptyException folder -> "a folder of this name is in its place";
      case FileAlreadyExistsException other -> "something else of this name is in its place";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      // Writers of pictures wrap what the system says in a message of their own.
      case IOException wrapped when wrapped.getCause() instanceof IOException cause ->
          reason(cause);
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
