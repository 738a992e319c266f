/** Networks for other runtimes: ONNX files. */
package org.hcpl.models.export;
