/** Images and label images: what they are, and their files and folders. */
package org.hcpl.models.image;
