/** Reports to look at: one HTML file that holds its pictures. */
package org.hcpl.train.report;
