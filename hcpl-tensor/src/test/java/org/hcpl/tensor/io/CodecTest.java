package org.hcpl.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
  private static float decode(Codec codec, ByteBuffer bytes) {
    float[] value = new float[1];
    codec.decode(bytes.flip(), value, 0, 1);
    return value[0];
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static short bfloat16(float value) {
    ByteBuffer bytes = buffer();
    Codec.BFLOAT16.encode(new float[] {value}, 0, 1, bytes);
    return bytes.getShort(0);
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void zeroAndOneSurviveEveryCodec(Codec codec) {
    float[] values = {0, 1, 1, 0, 1};
    ByteBuffer bytes = ByteBuffer.allocate(values.length * codec.bytes());
    codec.encode(values, 0, values.length, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    float[] back = new float[7];
    codec.decode(bytes.flip(), back, 2, values.length);
    assertThat(back).containsExactly(0, 0, 0, 1, 1, 0, 1);
  }

  @Test
  void allBfloat16ValuesSurvive() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = decode(Codec.BFLOAT16, buffer().putShort((short) bits));
      assertThat(Float.floatToRawIntBits(value)).isEqualTo(bits << 16);
      if (!Float.isNaN(value)) {
        assertThat(bfloat16(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void bfloat16RoundsToNearestEvenAndKeepsNan() {
    assertThat(bfloat16(Float.intBitsToFloat(0x3F808000)))
        .as("tie goes down to even")
        .isEqualTo((short) 0x3F80);
    assertThat(bfloat16(Float.intBitsToFloat(0x3F818000)))
        .as("tie goes up to even")
        .isEqualTo((short) 0x3F82);
    assertThat(bfloat16(Float.intBitsToFloat(0x3F808001))).isEqualTo((short) 0x3F81);
    assertThat(bfloat16(Float.MAX_VALUE)).as("overflow").isEqualTo((short) 0x7F80);
    assertThat(bfloat16(Float.intBitsToFloat(0x7F800001)))
        .as("NaN of low bits")
        .isEqualTo((short) 0x7FC0);
    assertThat(bfloat16(Float.intBitsToFloat(0xFFFFFFFF))).isEqualTo((short) 0xFFFF);
  }

  @Test
  void float16HasItsKnownValues() {
    assertThat(decode(Codec.FLOAT16, buffer().putShort((short) 0x3C00))).isEqualTo(1);
    assertThat(decode(Codec.FLOAT16, buffer().putShort((short) 0x7BFF))).isEqualTo(65504);
    assertThat(decode(Codec.FLOAT16, buffer().putShort((short) 0x0001))).isEqualTo(0x1p-24f);
    assertThat(decode(Codec.FLOAT16, buffer().putShort((short) 0xFC00)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void float64IsRoundedAndItsRangeChecked() {
    assertThat(decode(Codec.FLOAT64, buffer().putDouble(0.1))).isEqualTo(0.1f);
    assertThat(decode(Codec.FLOAT64, buffer().putDouble(Double.NEGATIVE_INFINITY)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> decode(Codec.FLOAT64, buffer().putDouble(1e300)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("float64 1.0E300 exceeds the range of float32 at index 0");
  }

  @Test
  void integersMustBeExact() {
    assertThat(decode(Codec.INT64, buffer().putLong(-(1L << 60)))).isEqualTo(-0x1p60f);
    assertThat(decode(Codec.INT64, buffer().putLong(Long.MIN_VALUE))).isEqualTo(-0x1p63f);
    assertThat(decode(Codec.UINT32, buffer().putInt(0x80000000))).isEqualTo(0x1p31f);
    assertThat(decode(Codec.UINT16, buffer().putShort((short) -1))).isEqualTo(65535);
    assertThat(decode(Codec.INT8, buffer().put((byte) -1))).isEqualTo(-1);
    assertThatThrownBy(() -> decode(Codec.INT32, buffer().putInt((1 << 24) + 1)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("integer 16777217 is not a float32 exactly at index 0");
    assertThatThrownBy(() -> decode(Codec.INT64, buffer().putLong(Long.MAX_VALUE)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> decode(Codec.BOOL, buffer().put((byte) 2)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void integersAreNotWrittenFromFractionsOrBeyondTheirRange() {
    for (float bad : new float[] {0.5f, 256, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Codec.UINT8.encode(new float[] {1, bad}, 0, 2, buffer()))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining(bad + " is not an integer of this type at index 1");
    }
    assertThatThrownBy(() -> Codec.INT64.encode(new float[] {0x1p63f}, 0, 1, buffer()))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Codec.INT32.encode(new float[] {0x1p31f}, 0, 1, buffer()))
        .isInstanceOf(ArithmeticException.class);
  }
}
