package org.hcpl.tensor.cpu.vector;

import static org.hcpl.tensor.cpu.vector.VectorMath.L;
import static org.hcpl.tensor.cpu.vector.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One contiguous run of a binary function, serial: vector with vector, vector with scalar, scalar
 * with vector. The loops stand one by one because a loop shared through a function object would box
 * its vectors.
 */
final class BinaryRows {
  private BinaryRows() {}

  /** y = a op b over n elements. */
  static void vectorVector(
      BinaryOp op, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    switch (op) {
      case ADD -> add(a, ao, b, bo, y, yo, n);
      case SUB -> sub(a, ao, b, bo, y, yo, n);
      case MUL -> mul(a, ao, b, bo, y, yo, n);
      case DIV -> div(a, ao, b, bo, y, yo, n);
      case MAX -> max(a, ao, b, bo, y, yo, n);
      case MIN -> min(a, ao, b, bo, y, yo, n);
      case POW -> pow(a, ao, b, bo, y, yo, n);
    }
  }

  /** y = a op s over n elements. */
  static void vectorScalar(BinaryOp op, float[] a, int ao, float s, float[] y, int yo, int n) {
    switch (op) {
      case ADD -> addScalar(a, ao, s, y, yo, n);
      case SUB -> subScalar(a, ao, s, y, yo, n);
      case MUL -> mulScalar(a, ao, s, y, yo, n);
      case DIV -> divScalar(a, ao, s, y, yo, n);
      case MAX -> maxScalar(a, ao, s, y, yo, n);
      case MIN -> minScalar(a, ao, s, y, yo, n);
      case POW -> powScalar(a, ao, s, y, yo, n);
    }
  }

  /** y = s op b over n elements. */
  static void scalarVector(BinaryOp op, float s, float[] b, int bo, float[] y, int yo, int n) {
    switch (op) {
      case ADD -> addScalar(b, bo, s, y, yo, n);
      case SUB -> scalarSub(s, b, bo, y, yo, n);
      case MUL -> mulScalar(b, bo, s, y, yo, n);
      case DIV -> scalarDiv(s, b, bo, y, yo, n);
      case MAX -> maxScalar(b, bo, s, y, yo, n);
      case MIN -> minScalar(b, bo, s, y, yo, n);
      case POW -> scalarPow(s, b, bo, y, yo, n);
    }
  }

  /** a op b for two numbers. */
  static float scalars(BinaryOp op, float a, float b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POW -> (float) Math.pow(a, b);
    };
  }

  static void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.add(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.add(q).intoArray(y, yo + i, m);
    }
  }

  private static void addScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.add(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.add(q).intoArray(y, yo + i, m);
    }
  }

  private static void sub(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.sub(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.sub(q).intoArray(y, yo + i, m);
    }
  }

  private static void subScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.sub(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.sub(q).intoArray(y, yo + i, m);
    }
  }

  private static void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.mul(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.mul(q).intoArray(y, yo + i, m);
    }
  }

  private static void mulScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.mul(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.mul(q).intoArray(y, yo + i, m);
    }
  }

  private static void div(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.div(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.div(q).intoArray(y, yo + i, m);
    }
  }

  private static void divScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.div(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.div(q).intoArray(y, yo + i, m);
    }
  }

  private static void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.max(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.max(q).intoArray(y, yo + i, m);
    }
  }

  private static void maxScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.max(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.max(q).intoArray(y, yo + i, m);
    }
  }

  private static void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.min(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.min(q).intoArray(y, yo + i, m);
    }
  }

  private static void minScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    FloatVector q = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      p.min(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector p = FloatVector.fromArray(S, a, ao + i, m);
      p.min(q).intoArray(y, yo + i, m);
    }
  }

  private static void scalarSub(float s, float[] b, int bo, float[] y, int yo, int n) {
    FloatVector p = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.sub(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.sub(q).intoArray(y, yo + i, m);
    }
  }

  private static void scalarDiv(float s, float[] b, int bo, float[] y, int yo, int n) {
    FloatVector p = FloatVector.broadcast(S, s);
    int i = 0;
    for (int full = S.loopBound(n); i < full; i += L) {
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.div(q).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector q = FloatVector.fromArray(S, b, bo + i, m);
      p.div(q).intoArray(y, yo + i, m);
    }
  }

  private static void pow(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int full = S.loopBound(n);
    Powers.pow(a, ao, 1, b, bo, 1, y, yo, full);
    for (int i = full; i < n; i++) {
      y[yo + i] = (float) Math.pow(a[ao + i], b[bo + i]);
    }
  }

  private static void powScalar(float[] a, int ao, float s, float[] y, int yo, int n) {
    VectorUnary.run(VectorUnary.powLoop(s), a, ao, y, yo, n);
  }

  private static void scalarPow(float s, float[] b, int bo, float[] y, int yo, int n) {
    int full = S.loopBound(n);
    Powers.pow(UnaryLoops.block(s), 0, 0, b, bo, 1, y, yo, full);
    for (int i = full; i < n; i++) {
      y[yo + i] = (float) Math.pow(s, b[bo + i]);
    }
  }
}
