/**
 * The synthetic atlas: made-up images of cells, like those of the Human Protein Atlas, of which all
 * is known.
 */
package org.hcpl.train.atlas;
