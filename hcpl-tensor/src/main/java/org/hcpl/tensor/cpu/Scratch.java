package org.hcpl.tensor.cpu;

/** Buffers of one thread that grow and are kept, so that a product in a loop allocates nothing. */
final class Scratch {
  private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);
  private static final float[] ZEROS = new float[4096];

  private float[] rows = new float[0];
  private float[] panels = new float[0];
  private float[] panel = new float[0];
  private float[] other = new float[0];
  private float[] bias = new float[0];
  private float[] edge = new float[0];
  private float[] stage = new float[0];
  private int[] stageOffsets = new int[0];
  private int[] aOffsets = new int[0];
  private int[] cOffsets = new int[0];

  static Scratch own() {
    return OWN.get();
  }

  /** Zeros enough for any panel; read only. */
  static float[] zeros() {
    return ZEROS;
  }

  /** For rows of the left matrix. */
  float[] rows(int size) {
    return rows.length >= size ? rows : (rows = new float[size]);
  }

  /** For panels of the right matrix; used by the thread that calls the product. */
  float[] panels(int size) {
    return panels.length >= size ? panels : (panels = new float[size]);
  }

  /** For part of one panel that is packed as it is used. */
  float[] panel(int size) {
    return panel.length >= size ? panel : (panel = new float[size]);
  }

  /** For what a convolution makes of its input as a whole. */
  float[] other(int size) {
    return other.length >= size ? other : (other = new float[size]);
  }

  float[] bias(int size) {
    return bias.length >= size ? bias : (bias = new float[size]);
  }

  /** One tile of a kernel's result. */
  float[] edge(MicroKernel kernel) {
    int size = kernel.rows() * kernel.columns();
    return edge.length >= size ? edge : (edge = new float[size]);
  }

  /** Rows of a result on their way to memory. */
  float[] stage(int size) {
    return stage.length >= size ? stage : (stage = new float[size]);
  }

  int[] stageOffsets(int size) {
    return stageOffsets.length >= size ? stageOffsets : (stageOffsets = new int[size]);
  }

  int[] aOffsets(int size) {
    return aOffsets.length >= size ? aOffsets : (aOffsets = new int[size]);
  }

  int[] cOffsets(int size) {
    return cOffsets.length >= size ? cOffsets : (cOffsets = new int[size]);
  }
}
