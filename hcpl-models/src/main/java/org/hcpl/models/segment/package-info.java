/**
 * Nuclei and cells without any weights, and pictures of them. Start at {@link
 * org.hcpl.models.segment.CellSegmenter}.
 */
package org.hcpl.models.segment;
