package org.hcpl.scatter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.tensor.TensorException;

/**
 * The wavelets of a scattering transform: Morlet filters of J octaves and L orientations and a
 * Gaussian low pass, as real spectra on the padded grid, in double precision.
 *
 * <p>With {@code g} the Gaussian of width {@code sigma = 0.8 * 2^j}, stretched by {@code 1 / slant
 * = L / 4} across the direction {@code theta}, a wavelet is {@code g(u) (exp(i xi u) - beta)},
 * where {@code xi} has length {@code 3 pi / 4 / 2^j} and {@code beta} makes the sum 0. The low pass
 * is round, of width {@code 0.8 * 2^(J-1)}. All are summed over five periods of the grid in each
 * direction, so that they are periodic. A filter at <em>level</em> l is for images of which every
 * {@code 2^l}-th sample is left: its spectrum outside the smaller band is cut off.
 *
 * <p>Immutable. Source: {@code filter_bank} of kymatio 0.3.0, whose constant is {@code 2 * 3.1415 *
 * sigma^2 / slant}, with 3.1415 for pi; it rounds filters to single precision, which moves them by
 * about 1e-7.
 */
public final class MorletBank {
  /** Kymatio's value of pi in the norm of a filter; the reference values depend on it. */
  private static final double PI_OF_NORM = 3.1415;

  private static final double BASE_WIDTH = 0.8;
  private static final double BASE_FREQUENCY = 3.0 / 4.0 * Math.PI;

  /** Below {@code exp(-100)} a term changes no digit of a filter's spectrum. */
  private static final double NEGLIGIBLE = -100;

  private static final int PERIODS = 2;
  private static final int CACHED = 8;

  private static final Map<Key, MorletBank> CACHE =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, MorletBank> eldest) {
          return size() > CACHED;
        }
      };

  private record Key(int rows, int columns, int scales, int angles) {}

  /**
   * A filter's real spectrum.
   *
   * @param rows vertical frequencies
   * @param columns horizontal frequencies
   * @param values not a copy; {@code [columns, rows]}, as {@link Field} keeps spectra
   */
  record Filter(int rows, int columns, double[] values) {
    double value(int row, int column) {
      return values[column * rows + row];
    }
  }

  private final int rows;
  private final int columns;
  private final int scales;
  private final int angles;
  private final List<List<Filter>> band = new ArrayList<>();
  private final List<Filter> low;

  private MorletBank(Key key) {
    rows = key.rows;
    columns = key.columns;
    scales = key.scales;
    angles = key.angles;
    for (int j = 0; j < scales; j++) {
      for (int angle = 0; angle < angles; angle++) {
        band.add(levels(morlet(j, angle), Math.min(j + 1, Math.max(scales - 1, 1))));
      }
    }
    double sigma = BASE_WIDTH * (1 << (scales - 1));
    low = levels(gabor(sigma, 0, 0, 1), scales);
  }

  /**
   * The filters for a grid; the last few are kept.
   *
   * @param rows rows of the padded image, a multiple of {@code 2^scales}
   * @param columns columns of the padded image, likewise
   * @param scales the number of octaves J
   * @param angles the number of orientations L
   * @throws TensorException if the counts are not positive or the grid is no multiple
   */
  public static MorletBank of(int rows, int columns, int scales, int angles) {
    if (scales < 1 || scales > 20 || angles < 1) {
      throw new TensorException(
          "morletBank: "
              + scales
              + " scales, "
              + angles
              + " angles (expected: 1 to 20 scales, at least one angle)");
    }
    int unit = 1 << scales;
    if (rows < unit || columns < unit || rows % unit != 0 || columns % unit != 0) {
      throw new TensorException(
          "morletBank: a grid of "
              + rows
              + " x "
              + columns
              + " with "
              + scales
              + " scales (expected: positive multiples of "
              + unit
              + ")");
    }
    synchronized (CACHE) {
      return CACHE.computeIfAbsent(new Key(rows, columns, scales, angles), MorletBank::new);
    }
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public int scales() {
    return scales;
  }

  public int angles() {
    return angles;
  }

  /**
   * A wavelet's spectrum, {@code [rows / 2^level, columns / 2^level]} row-major; a copy.
   *
   * @param scale its octave j
   * @param angle its orientation, 0 to L - 1
   * @param level from 0 to the smaller of j and {@code max(J - 2, 0)}
   */
  public double[] psi(int scale, int angle, int level) {
    return rowMajor(band(scale, angle, level));
  }

  /** The low pass's spectrum, {@code [rows / 2^level, columns / 2^level]}; a copy. */
  public double[] phi(int level) {
    return rowMajor(low(level));
  }

  Filter band(int scale, int angle, int level) {
    return band.get(scale * angles + angle).get(level);
  }

  Filter low(int level) {
    return low.get(level);
  }

  private static double[] rowMajor(Filter filter) {
    double[] values = new double[filter.rows * filter.columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = filter.value(i / filter.columns, i % filter.columns);
    }
    return values;
  }

  private Field morlet(int j, int angle) {
    double sigma = BASE_WIDTH * (1 << j);
    double frequency = BASE_FREQUENCY / (1 << j);
    double slant = 4.0 / angles;
    int turns = (int) (angles - angles / 2.0 - 1) - angle;
    double theta = turns * Math.PI / angles;
    Field wave = gabor(sigma, theta, frequency, slant);
    Field envelope = gabor(sigma, theta, 0, slant);
    double mass = sum(envelope.re());
    double betaRe = sum(wave.re()) / mass;
    double betaIm = sum(wave.im()) / mass;
    for (int i = 0; i < wave.re().length; i++) {
      wave.re()[i] -= betaRe * envelope.re()[i];
      wave.im()[i] -= betaIm * envelope.re()[i];
    }
    return wave;
  }

  /** A Gaussian times a wave of that frequency in direction {@code theta}, made periodic. */
  private Field gabor(double sigma, double theta, double frequency, double slant) {
    double c = Math.cos(theta);
    double s = Math.sin(theta);
    double flat = slant * slant;
    double scale = 1 / (2 * sigma * sigma);
    double yy = (c * c + flat * s * s) * scale;
    double xy = 2 * c * s * (1 - flat) * scale;
    double xx = (s * s + flat * c * c) * scale;
    double norm = 2 * PI_OF_NORM * sigma * sigma / slant;
    double[] re = new double[rows * columns];
    double[] im = new double[rows * columns];
    for (int y = -PERIODS * rows; y < (PERIODS + 1) * rows; y++) {
      for (int x = -PERIODS * columns; x < (PERIODS + 1) * columns; x++) {
        double exponent = -(yy * y * y + xy * x * y + xx * x * x);
        if (exponent > NEGLIGIBLE) {
          int i = Math.floorMod(y, rows) * columns + Math.floorMod(x, columns);
          double height = Math.exp(exponent) / norm;
          double phase = frequency * (y * c + x * s);
          re[i] += height * Math.cos(phase);
          im[i] += height * Math.sin(phase);
        }
      }
    }
    return new Field(rows, columns, re, im);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private List<Filter> levels(Field signal, int count) {
    Filter full = new Filter(rows, columns, signal.spectrum().re());
    List<Filter> levels = new ArrayList<>(List.of(full));
    for (int level = 1; level < count; level++) {
      levels.add(cut(full, level));
    }
    return levels;
  }

  /** The filter's lowest {@code 1 / 2^level} of frequencies in each direction. */
  private static Filter cut(Filter full, int level) {
    int outRows = full.rows >> level;
    int outColumns = full.columns >> level;
    double[] values = new double[outRows * outColumns];
    for (int c = 0; c < outColumns; c++) {
      int column = wide(c, outColumns, full.columns);
      for (int r = 0; r < outRows; r++) {
        values[c * outRows + r] = full.value(wide(r, outRows, full.rows), column);
      }
    }
    return new Filter(outRows, outColumns, values);
  }

  /**
   * The place on the wide grid of a frequency of the narrow one; the upper half is negative, and so
   * is the middle of an odd number, as kymatio has it.
   */
  private static int wide(int index, int narrow, int wide) {
    return index < narrow / 2 ? index : wide - narrow + index;
  }
}
