/** Earlier networks for protein localisation, as published. */
package org.hcpl.models.classic;
