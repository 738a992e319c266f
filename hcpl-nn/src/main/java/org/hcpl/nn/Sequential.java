package org.hcpl.nn;

import org.hcpl.tensor.Tensor;

/** Modules one after the other, named {@code "0"}, {@code "1"}, ... or as they are added. */
public final class Sequential extends Module {
  public Sequential(Module... modules) {
    for (Module module : modules) {
      add(module);
    }
  }

  /** Appends a module under its number; returns this. */
  public Sequential add(Module module) {
    return add(Integer.toString(children().size()), module);
  }

  /** Appends a module under a name; returns this. */
  public Sequential add(String childName, Module module) {
    child(childName, module);
    return this;
  }

  public int size() {
    return children().size();
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Module module : children().values()) {
      y = module.apply(y);
    }
    return y;
  }
}
