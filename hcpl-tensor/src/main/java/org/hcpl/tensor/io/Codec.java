package org.hcpl.tensor.io;

import java.nio.ByteBuffer;

/**
 * How a number is stored in a file, and its way to float32 and back.
 *
 * <p>Floating-point numbers are rounded to the nearest float32 (ties to even); a finite float64
 * beyond its range is an error. Integers must be float32 exactly (every integer up to 2^24 in
 * magnitude is), else decoding is an error: a class number or a counter never changes silently.
 */
public enum Codec {
  /** IEEE 754 single precision. */
  FLOAT32(4) {
    @Override
    public void decode(ByteBuffer source, float[] target, int offset, int count) {
      source.asFloatBuffer().get(target, offset, count);
      source.position(source.position() + count * bytes());
    }

    @Override
    public void encode(float[] source, int offset, int count, ByteBuffer target) {
      target.asFloatBuffer().put(source, offset, count);
      target.position(target.position() + count * bytes());
    }
  },
  /** IEEE 754 double precision. */
  FLOAT64(8) {
    @Override
    float get(ByteBuffer source) {
      double value = source.getDouble();
      float rounded = (float) value;
      if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
        throw new ArithmeticException("float64 " + value + " exceeds the range of float32");
      }
      return rounded;
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putDouble(value);
    }
  },
  /**
   * IEEE 754 half precision: 5 bits of exponent, 10 of fraction. Encoding beyond its range gives
   * infinity.
   */
  FLOAT16(2) {
    @Override
    float get(ByteBuffer source) {
      return Float.float16ToFloat(source.getShort());
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putShort(Float.floatToFloat16(value));
    }
  },
  /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
  BFLOAT16(2) {
    @Override
    float get(ByteBuffer source) {
      return Float.intBitsToFloat(source.getShort() << 16);
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putShort(bfloat16(value));
    }
  },
  /** Signed 64-bit integer. */
  INT64(8) {
    @Override
    float get(ByteBuffer source) {
      return exact(source.getLong());
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putLong(whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
    }
  },
  /** Signed 32-bit integer. */
  INT32(4) {
    @Override
    float get(ByteBuffer source) {
      return exact(source.getInt());
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putInt((int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
  },
  /** Signed 16-bit integer. */
  INT16(2) {
    @Override
    float get(ByteBuffer source) {
      return source.getShort();
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putShort((short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE));
    }
  },
  /** Signed 8-bit integer. */
  INT8(1) {
    @Override
    float get(ByteBuffer source) {
      return source.get();
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.put((byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
    }
  },
  /** Unsigned 32-bit integer. */
  UINT32(4) {
    @Override
    float get(ByteBuffer source) {
      return exact(Integer.toUnsignedLong(source.getInt()));
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putInt((int) whole(value, 0, 0xFFFF_FFFFL));
    }
  },
  /** Unsigned 16-bit integer. */
  UINT16(2) {
    @Override
    float get(ByteBuffer source) {
      return source.getShort() & 0xFFFF;
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.putShort((short) whole(value, 0, 0xFFFF));
    }
  },
  /** Unsigned 8-bit integer. */
  UINT8(1) {
    @Override
    float get(ByteBuffer source) {
      return source.get() & 0xFF;
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.put((byte) whole(value, 0, 0xFF));
    }
  },
  /** A truth value in one byte, 0 or 1. */
  BOOL(1) {
    @Override
    float get(ByteBuffer source) {
      byte value = source.get();
      if (value != 0 && value != 1) {
        throw new ArithmeticException("bool " + value + " (expected: 0 or 1)");
      }
      return value;
    }

    @Override
    void put(float value, ByteBuffer target) {
      target.put((byte) whole(value, 0, 1));
    }
  };

  private final int bytes;

  Codec(int bytes) {
    this.bytes = bytes;
  }

  /** The size of a stored value in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * Reads {@code count} values in the byte order of {@code source} and advances it.
   *
   * @throws ArithmeticException if a value has no float32 as the class comment defines; the message
   *     names value and index
   */
  public void decode(ByteBuffer source, float[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      try {
        target[offset + i] = get(source);
      } catch (ArithmeticException e) {
        throw new ArithmeticException(e.getMessage() + " at index " + (offset + i));
      }
    }
  }

  /**
   * Writes {@code count} values in the byte order of {@code target} and advances it.
   *
   * @throws ArithmeticException if this is an integer type and a value is not one of its integers
   */
  public void encode(float[] source, int offset, int count, ByteBuffer target) {
    for (int i = 0; i < count; i++) {
      try {
        put(source[offset + i], target);
      } catch (ArithmeticException e) {
        throw new ArithmeticException(e.getMessage() + " at index " + (offset + i));
      }
    }
  }

  float get(ByteBuffer source) {
    throw new AssertionError(this);
  }

  void put(float value, ByteBuffer target) {
    throw new AssertionError(this);
  }

  /**
   * Rounds to the nearest bfloat16, ties to even; a NaN stays one even where only low bits of it
   * are set.
   */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    int even = bits >>> 16 & 1;
    return (short) (bits + 0x7FFF + even >>> 16);
  }

  private static float exact(long value) {
    float rounded = value;
    // 2^63 as a float casts back to Long.MAX_VALUE, which is another number.
    if ((long) rounded != value || rounded == 0x1p63f) {
      throw new ArithmeticException("integer " + value + " is not a float32 exactly");
    }
    return rounded;
  }

  private static long whole(float value, long min, long max) {
    boolean tooLarge = max == Long.MAX_VALUE ? value >= 0x1p63f : (double) value > max;
    if (value != Math.rint(value) || value < min || tooLarge) {
      throw new ArithmeticException(value + " is not an integer of this type");
    }
    return (long) value;
  }
}
