/**
 * The test kit: what a test of an operation, a layer or a model needs, for this project's tests and
 * for a user's own.
 *
 * <p>The {@code Golden*} types read the reference numbers in the folder {@code golden} of the
 * repository; {@link org.hcpl.tensor.testing.GoldenFill} makes the weights and inputs that those
 * numbers belong to.
 */
package org.hcpl.tensor.testing;
