package org.hcpl.tensor.cpu.vector;

import org.junit.jupiter.api.Test;

class VectorOptimTest {
  private static final int[] SIZES = {0, 1, 5, 16, 33, 20_011};

  @Test
  void axpy() {
    for (int n : SIZES) {
      float[] x = Reference.normal(1, n + 1);
      float[] y = Reference.normal(2, n + 2);
      double[] sum = new double[n];
      double[] size = new double[n];
      for (int i = 0; i < n; i++) {
        sum[i] = y[2 + i] - 0.75 * x[1 + i];
        size[i] = Math.abs(x[1 + i]) + Math.abs(y[2 + i]);
      }
      float[] a = y.clone();
      VectorOptim.axpy(-0.75f, x, 1, a, 2, n);
      Close.within("axpy", 2, sum, size, a, 2);
    }
  }

  @Test
  void stochasticGradientDescent() {
    for (int n : SIZES) {
      for (float momentum : new float[] {0, 0.875f}) {
        for (boolean nesterov : new boolean[] {false, true}) {
          float[] p = Reference.normal(3, n + 1);
          float[] v = Reference.normal(4, n + 1);
          double[] pd = new double[n];
          double[] vd = new double[n];
          double[] size = new double[n];
          for (int i = 0; i < n; i++) {
            pd[i] = p[1 + i];
            vd[i] = v[1 + i];
          }
          for (int step = 0; step < 3; step++) {
            float[] g = Reference.normal(5 + step, n);
            VectorOptim.sgd(
                p,
                1,
                g,
                0,
                momentum == 0 ? null : v,
                1,
                n,
                0.125f,
                momentum,
                nesterov,
                0.0625f,
                0.5f);
            for (int i = 0; i < n; i++) {
              double d = 0.5 * g[i] + 0.0625 * pd[i];
              vd[i] = momentum * vd[i] + d;
              pd[i] -= 0.125 * (momentum == 0 ? d : nesterov ? d + momentum * vd[i] : vd[i]);
              size[i] = 2 + Math.abs(pd[i]);
            }
          }
          Close.within("sgd", 8, pd, size, p, 1);
        }
      }
    }
  }

  @Test
  void adamAndAdamW() {
    for (int n : SIZES) {
      for (boolean decoupled : new boolean[] {false, true}) {
        float[] p = Reference.normal(7, n + 1);
        float[] m = new float[n];
        float[] v = new float[n];
        double[] pd = new double[n];
        double[] md = new double[n];
        double[] vd = new double[n];
        double[] size = new double[n];
        for (int i = 0; i < n; i++) {
          pd[i] = p[1 + i];
          size[i] = 1 + Math.abs(pd[i]);
        }
        for (int step = 1; step <= 4; step++) {
          float[] g = Reference.normal(8 + step, n);
          VectorOptim.adam(
              p, 1, g, 0, m, 0, v, 0, n, 1e-2, 0.9, 0.999, 1e-8, 0.1, decoupled, step, 0.5f);
          for (int i = 0; i < n; i++) {
            double d = 0.5 * g[i] + (decoupled ? 0 : 0.1 * pd[i]);
            if (decoupled) {
              pd[i] *= 1 - 1e-2 * 0.1;
            }
            md[i] = 0.9 * md[i] + 0.1 * d;
            vd[i] = 0.999 * vd[i] + 0.001 * d * d;
            pd[i] -=
                1e-2
                    / (1 - Math.pow(0.9, step))
                    * md[i]
                    / (Math.sqrt(vd[i] / (1 - Math.pow(0.999, step))) + 1e-8);
          }
        }
        Close.within("adam", 16, pd, size, p, 1);
      }
    }
  }
}
