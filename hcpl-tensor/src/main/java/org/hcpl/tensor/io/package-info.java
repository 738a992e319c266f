/**
 * Files of weights and arrays: safetensors, NumPy and TensorFlow checkpoints.
 *
 * <p>All readers take untrusted files: they check every length against the size of the file before
 * they allocate, and a file that is damaged, truncated or hostile gives one {@link
 * org.hcpl.tensor.io.WeightFileException}. Writers go through {@link
 * org.hcpl.tensor.io.AtomicFile}, so that a full disk or a killed process leaves the old file
 * whole.
 */
package org.hcpl.tensor.io;
