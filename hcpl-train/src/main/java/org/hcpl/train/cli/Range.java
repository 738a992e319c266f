package org.hcpl.train.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The numbers that an option takes, beside its {@code @Option}. Values that are given are checked
 * before a command runs; an option without a range takes all numbers but NaN and the infinities.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
public @interface Range {
  /** The smallest value. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest value. */
  double max() default Double.POSITIVE_INFINITY;

  /** Values are larger than this. */
  double above() default Double.NEGATIVE_INFINITY;

  /** Values are smaller than this. */
  double below() default Double.POSITIVE_INFINITY;
}
