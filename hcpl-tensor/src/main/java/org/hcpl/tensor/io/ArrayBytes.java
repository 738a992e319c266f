package org.hcpl.tensor.io;

import static org.hcpl.tensor.io.Words.count;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/**
 * Moves arrays between channels and memory in pieces, so that only the result itself is ever large.
 */
final class ArrayBytes {
  /** A multiple of every size of a stored value. */
  private static final int CHUNK_BYTES = 1 << 18;

  private ArrayBytes() {}

  /**
   * Reads {@code count} values. The caller has checked that the file holds them.
   *
   * @throws EOFException if the channel ends before
   * @throws ArithmeticException if a value is no float32, see {@link Codec}
   */
  static float[] read(ReadableByteChannel channel, int count, Codec codec, ByteOrder order)
      throws IOException {
    float[] values = new float[count];
    ByteBuffer chunk = ByteBuffer.allocate(chunkBytes(count, codec)).order(order);
    int done = 0;
    while (done < count) {
      int part = Math.min(count - done, CHUNK_BYTES / codec.bytes());
      chunk.clear().limit(part * codec.bytes());
      fill(channel, chunk);
      chunk.flip();
      codec.decode(chunk, values, done, part);
      done += part;
    }
    return values;
  }

  /** Fills the buffer up to its limit. */
  static void fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file ends " + count(buffer.remaining(), "byte") + " too early");
      }
    }
  }

  /** Writes values, little-endian. */
  static void write(OutputStream out, float[] values, Codec codec) throws IOException {
    byte[] bytes = new byte[chunkBytes(values.length, codec)];
    ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int done = 0;
    while (done < values.length) {
      int part = Math.min(values.length - done, CHUNK_BYTES / codec.bytes());
      chunk.clear();
      codec.encode(values, done, part, chunk);
      out.write(bytes, 0, chunk.position());
      done += part;
    }
  }

  private static int chunkBytes(int count, Codec codec) {
    return (int) Math.min(CHUNK_BYTES, (long) count * codec.bytes());
  }
}
