package org.hcpl.scatter;

/**
 * The scattering transform of one image in double precision, and its gradient.
 *
 * <pre>
 *   S0 = x * phi
 *   S1 = |x * psi1| * phi
 *   S2 = ||x * psi1| * psi2| * phi,   j2 &gt; j1
 * </pre>
 *
 * Convolutions are products of spectra; after each, as many samples are kept as its band needs. The
 * image is extended by reflection to one block of {@code 2^J} beyond its blocks on either side, and
 * the outer sample of every result is dropped. Order of results: S0, S1 by (j, angle), S2 by
 * (first, second wavelet).
 */
final class Cascade {
  private final int order;
  private final int height;
  private final int width;
  private final MorletBank bank;
  private final int[] sourceRows;
  private final int[] sourceColumns;

  Cascade(int scales, int angles, int order, int height, int width) {
    this.order = order;
    this.height = height;
    this.width = width;
    this.bank = MorletBank.of(padded(height, scales), padded(width, scales), scales, angles);
    this.sourceRows = reflection(height, bank.rows());
    this.sourceColumns = reflection(width, bank.columns());
  }

  /** How many results there are. */
  static int channels(int scales, int angles, int order) {
    int second = angles * angles * scales * (scales - 1) / 2;
    return 1 + angles * scales + (order == 2 ? second : 0);
  }

  /** The length to which a side is extended: two blocks more than it fills. */
  private static int padded(int length, int scales) {
    return ((length >> scales) + 2) << scales;
  }

  /** Which sample stands at each place of the extended side; mirrored without the edge twice. */
  private static int[] reflection(int length, int padded) {
    int before = (padded - length) / 2;
    int period = 2 * (length - 1);
    int[] sources = new int[padded];
    for (int i = 0; i < padded; i++) {
      int at = Math.floorMod(i - before, period);
      sources[i] = Math.min(at, period - at);
    }
    return sources;
  }

  // ---- forward ---------------------------------------------------------------------------------

  /** The results {@code [channels][H / 2^J * W / 2^J]} of an image {@code [H, W]}. */
  double[][] forward(double[] image) {
    double[][] out = new double[channels(bank.scales(), bank.angles(), order)][];
    int first = 0;
    int second = 1 + bank.scales() * bank.angles();
    Field x = extended(image).spectrum();
    out[first++] = lowPass(x, 0);
    for (int j1 = 0; j1 < bank.scales(); j1++) {
      for (int a1 = 0; a1 < bank.angles(); a1++) {
        Field u1 = wavelet(x, j1, a1, 0).modulus().spectrum();
        out[first++] = lowPass(u1, j1);
        for (int j2 = j1 + 1; order == 2 && j2 < bank.scales(); j2++) {
          for (int a2 = 0; a2 < bank.angles(); a2++) {
            Field u2 = wavelet(u1, j2, a2, j1).modulus().spectrum();
            out[second++] = lowPass(u2, j2);
          }
        }
      }
    }
    return out;
  }

  private Field wavelet(Field spectrum, int scale, int angle, int level) {
    return spectrum.filter(bank.band(scale, angle, level).values(), 1 << (scale - level)).inverse();
  }

  private double[] lowPass(Field spectrum, int level) {
    Field smooth =
        spectrum.filter(bank.low(level).values(), 1 << (bank.scales() - level)).inverse();
    int columns = smooth.columns() - 2;
    double[] inner = new double[(smooth.rows() - 2) * columns];
    for (int r = 0; r < smooth.rows() - 2; r++) {
      System.arraycopy(smooth.re(), (r + 1) * smooth.columns() + 1, inner, r * columns, columns);
    }
    return inner;
  }

  private Field extended(double[] image) {
    double[] values = new double[bank.rows() * bank.columns()];
    for (int r = 0; r < sourceRows.length; r++) {
      for (int c = 0; c < sourceColumns.length; c++) {
        values[r * sourceColumns.length + c] = image[sourceRows[r] * width + sourceColumns[c]];
      }
    }
    return Field.real(bank.rows(), bank.columns(), values);
  }

  // ---- gradient --------------------------------------------------------------------------------

  /**
   * The gradient of the image, {@code [H, W]}. Each step back is the adjoint of the step forward;
   * the gradient of a magnitude is taken as 0 at 0.
   *
   * @param dOut gradients of the results
   */
  double[] gradient(double[] image, double[][] dOut) {
    int first = 0;
    int second = 1 + bank.scales() * bank.angles();
    Field x = extended(image).spectrum();
    Field dX = lowPassAdjoint(dOut[first++], 0);
    for (int j1 = 0; j1 < bank.scales(); j1++) {
      for (int a1 = 0; a1 < bank.angles(); a1++) {
        Field w1 = wavelet(x, j1, a1, 0);
        Field dU1 = lowPassAdjoint(dOut[first++], j1);
        if (order == 2 && j1 + 1 < bank.scales()) {
          Field u1 = w1.modulus().spectrum();
          for (int j2 = j1 + 1; j2 < bank.scales(); j2++) {
            for (int a2 = 0; a2 < bank.angles(); a2++) {
              Field w2 = wavelet(u1, j2, a2, j1);
              Field dU2 = lowPassAdjoint(dOut[second++], j2);
              dU1.add(waveletAdjoint(dU2.inverse().towards(w2), j2, a2, j1));
            }
          }
        }
        dX.add(waveletAdjoint(dU1.inverse().towards(w1), j1, a1, 0));
      }
    }
    return extendedAdjoint(dX.inverse());
  }

  private Field waveletAdjoint(Field field, int scale, int angle, int level) {
    return field.spectrum().spread(bank.band(scale, angle, level).values(), 1 << (scale - level));
  }

  private Field lowPassAdjoint(double[] inner, int level) {
    int rows = bank.rows() >> bank.scales();
    int columns = bank.columns() >> bank.scales();
    double[] values = new double[rows * columns];
    for (int r = 0; r < rows - 2; r++) {
      System.arraycopy(inner, r * (columns - 2), values, (r + 1) * columns + 1, columns - 2);
    }
    return Field.real(rows, columns, values)
        .spectrum()
        .spread(bank.low(level).values(), 1 << (bank.scales() - level));
  }

  private double[] extendedAdjoint(Field field) {
    double[] image = new double[height * width];
    for (int r = 0; r < sourceRows.length; r++) {
      for (int c = 0; c < sourceColumns.length; c++) {
        image[sourceRows[r] * width + sourceColumns[c]] += field.re()[r * sourceColumns.length + c];
      }
    }
    return image;
  }
}
