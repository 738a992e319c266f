/**
 * Networks by name ({@link org.hcpl.models.Models}), the files that hold them, and what localises
 * proteins with them.
 */
package org.hcpl.models;
