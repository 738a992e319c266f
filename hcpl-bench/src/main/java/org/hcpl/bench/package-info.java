/** Placeholder until the first type lands. */
package org.hcpl.bench;
