/** Where in the cell a protein sits: the lists of localisation classes, and tables of labels. */
package org.hcpl.models.localise;
