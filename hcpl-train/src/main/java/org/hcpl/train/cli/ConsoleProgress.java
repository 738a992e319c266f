package org.hcpl.train.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.hcpl.train.Trainer;

/** A bar for the running epoch with its loss, and a line for each one that is over. */
final class ConsoleProgress implements Trainer.Progress, AutoCloseable {
  private final PrintWriter out;
  private final int epochs;
  private final String scoreName;
  private ProgressBar bar;
  private boolean begun;

  ConsoleProgress(PrintWriter out, int epochs, String scoreName) {
    this.out = out;
    this.epochs = epochs;
    this.scoreName = scoreName;
  }

  /** A bar over a number of steps, on standard error. */
  static ProgressBar bar(String task, long steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new BarLine())
        .setUpdateIntervalMillis(System.console() == null ? 10_000 : 250)
        .build();
  }

  /** Leaves the line on which a bar is drawn, so that a message gets one of its own. */
  static void leaveLine() {
    BarLine.leave();
  }

  /** Standard error with a bar on its last line, or not. */
  private static final class BarLine extends ConsoleProgressBarConsumer {
    private static boolean drawn;

    BarLine() {
      super(System.err);
    }

    static synchronized void leave() {
      if (drawn) {
        System.err.println();
        drawn = false;
      }
    }

    private static synchronized void draw(Runnable bar, boolean stays) {
      bar.run();
      drawn = stays;
    }

    @Override
    public void accept(String bar) {
      draw(() -> super.accept(bar), true);
    }

    @Override
    public void close() {
      draw(super::close, false);
    }
  }

  @Override
  public void step(int epoch, int step, int steps, double loss) {
    if (!begun && (epoch > 0 || step > 1)) {
      out.println("going on in epoch " + (epoch + 1));
      out.flush();
    }
    begun = true;
    if (bar == null) {
      bar = bar("epoch " + (epoch + 1) + "/" + epochs, steps);
    }
    bar.stepTo(step);
    bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", loss));
  }

  @Override
  public void epoch(Trainer.Epoch epoch, List<Trainer.Epoch> history) {
    close();
    String score =
        Double.isNaN(epoch.score())
            ? ""
            : String.format(Locale.ROOT, ", %s %.4f", scoreName, epoch.score());
    out.printf(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f%s, %.0f s%n",
        epoch.number() + 1,
        epochs,
        epoch.loss(),
        score,
        epoch.seconds());
    out.flush();
  }

  /** Ends the bar of an epoch that did not end, so that the error has a line of its own. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
