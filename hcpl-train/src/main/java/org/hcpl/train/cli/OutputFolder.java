package org.hcpl.train.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.hcpl.tensor.io.FileErrors;

/**
 * A folder that one run at a time writes to. The system locks a file in it for the run, and gives
 * the lock back when the process ends in any way; the empty file stays and means nothing.
 */
final class OutputFolder implements AutoCloseable {
  private static final String LOCK = "hcpl.lock";

  private final FileChannel channel;

  private OutputFolder(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes a folder, if it is not there, and keeps other runs out of it.
   *
   * @throws CommandException if it cannot be made or written to, or another run writes to it
   */
  static OutputFolder open(Path folder) {
    make(folder);
    Path file = folder.resolve(LOCK);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Outputs.failed(file, e);
    }
    if (!lock(channel)) {
      close(channel);
      throw new CommandException(
          "--out "
              + folder
              + ": another run writes there (expected: one at a time)\n"
              + "help: wait for its end, or choose another output folder");
    }
    return new OutputFolder(channel);
  }

  private static void make(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CommandException(
          "--out "
              + folder
              + ": is a file (expected: a folder, or a new name)\n"
              + "help: choose another output folder");
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CommandException(
          "--out "
              + folder
              + ": cannot be made: "
              + FileErrors.reason(e)
              + "\nhelp: choose another output folder, one that you may write to",
          e);
    }
  }

  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system without locks, as some in networks are: better without than not at all.
      return true;
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written to it.
      return;
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
