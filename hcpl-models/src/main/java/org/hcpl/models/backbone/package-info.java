/** Image classification networks by timm's names and state-dict layout, one family a file. */
package org.hcpl.models.backbone;
