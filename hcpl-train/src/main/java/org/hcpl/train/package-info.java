/** Training: objectives, the loop, checkpoints, scoring, and what a run leaves behind. */
package org.hcpl.train;
