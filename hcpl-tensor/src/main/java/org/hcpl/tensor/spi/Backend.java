package org.hcpl.tensor.spi;

import java.util.List;
import org.hcpl.tensor.Op;
import org.hcpl.tensor.Tensor;

/** Where tensors live and operations run: {@code cpu}, {@code reference}, {@code cuda}. */
public interface Backend {
  String name();

  /** Memory for {@code size} values, content undefined. */
  Buffer allocate(int size);

  /** Copies from the host. */
  void upload(float[] from, int fromOffset, Buffer to, int toOffset, int count);

  /** Copies to the host. */
  void download(Buffer from, int fromOffset, float[] to, int toOffset, int count);

  /** How it would run the operation; asked before every run, so the answer must be quick. */
  Support support(Op op, List<Tensor> inputs);
}
