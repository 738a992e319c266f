/** The networks of the hybrid subcellular protein localiser, and what fuses their outputs. */
package org.hcpl.models.localise;
