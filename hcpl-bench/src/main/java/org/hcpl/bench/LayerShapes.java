package org.hcpl.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hcpl.tensor.op.ConvGeometry;

/** Convolutions of well-known networks at 224 x 224, batch 1, named {@code in-out@output size}. */
public final class LayerShapes {
  private LayerShapes() {}

  /** A convolution of a network. */
  public record Layer(String name, ConvGeometry geometry) {}

  /** {@code kernel} x kernel, padding (kernel - 1) / 2. */
  private static Layer layer(String network, int in, int out, int outSize, int kernel, int stride) {
    String name =
        "%s %dx%d%s %d-%d@%d"
            .formatted(network, kernel, kernel, stride > 1 ? "/" + stride : "", in, out, outSize);
    int size = outSize * stride;
    return new Layer(
        name, ConvGeometry.square(1, size, size, in, out, kernel, stride, (kernel - 1) / 2));
  }

  /** The distinct 1x1 convolutions of EfficientNet-B4 (squeeze-excite apart). */
  public static List<Layer> efficientNetB4() {
    int[][] shapes = {
      {48, 24, 112},
      {24, 24, 112},
      {24, 144, 112},
      {144, 32, 56},
      {32, 192, 56},
      {192, 32, 56},
      {192, 56, 28},
      {56, 336, 28},
      {336, 56, 28},
      {336, 112, 14},
      {112, 672, 14},
      {672, 112, 14},
      {672, 160, 14},
      {160, 960, 14},
      {960, 160, 14},
      {960, 272, 7},
      {272, 1632, 7},
      {1632, 272, 7},
      {1632, 448, 7},
      {448, 2688, 7},
      {2688, 448, 7},
      {448, 1792, 7}
    };
    List<Layer> layers = new ArrayList<>();
    for (int[] s : shapes) {
      layers.add(layer("b4", s[0], s[1], s[2], 1, 1));
    }
    return layers;
  }

  /** The distinct 1x1 convolutions of ResNet-50, the strided ones of the shortcuts included. */
  public static List<Layer> resNet50() {
    int[][] shapes = {
      {64, 64, 56, 1},
      {64, 256, 56, 1},
      {256, 64, 56, 1},
      {256, 128, 56, 1},
      {128, 512, 28, 1},
      {256, 512, 28, 2},
      {512, 128, 28, 1},
      {512, 256, 28, 1},
      {256, 1024, 14, 1},
      {512, 1024, 14, 2},
      {1024, 256, 14, 1},
      {1024, 512, 14, 1},
      {512, 2048, 7, 1},
      {1024, 2048, 7, 2},
      {2048, 512, 7, 1}
    };
    List<Layer> layers = new ArrayList<>();
    for (int[] s : shapes) {
      layers.add(layer("r50", s[0], s[1], s[2], 1, s[3]));
    }
    return layers;
  }

  /** First, middle and last layer of each dense block of DenseNet-161, and the transitions. */
  public static List<Layer> denseNet161() {
    int[][] shapes = {
      {96, 192, 56}, {240, 192, 56}, {336, 192, 56}, {384, 192, 56}, {192, 192, 28},
      {432, 192, 28}, {720, 192, 28}, {768, 384, 28}, {384, 192, 14}, {1200, 192, 14},
      {2064, 192, 14}, {2112, 1056, 14}, {1056, 192, 7}, {1632, 192, 7}, {2160, 192, 7}
    };
    List<Layer> layers = new ArrayList<>();
    for (int[] s : shapes) {
      layers.add(layer("d161", s[0], s[1], s[2], 1, 1));
    }
    return layers;
  }

  /** 3x3 convolutions of ResNet-50, DenseNet-121 and DenseNet-161. */
  public static List<Layer> spatial() {
    int[][] shapes = {
      {64, 64, 56, 1},
      {128, 128, 28, 1},
      {256, 256, 14, 1},
      {512, 512, 7, 1},
      {128, 128, 28, 2},
      {256, 256, 14, 2},
      {512, 512, 7, 2}
    };
    List<Layer> layers = new ArrayList<>();
    for (int[] s : shapes) {
      layers.add(layer("r50", s[0], s[1], s[2], 3, s[3]));
    }
    for (int size : new int[] {56, 28, 14, 7}) {
      layers.add(layer("d161", 192, 48, size, 3, 1));
    }
    for (int size : new int[] {56, 28, 14, 7}) {
      layers.add(layer("d121", 128, 32, size, 3, 1));
    }
    return layers;
  }

  /** First layers on four channels. */
  public static List<Layer> stems() {
    return List.of(
        layer("b4 stem", 4, 48, 112, 3, 2),
        layer("r50 stem", 4, 64, 112, 7, 2),
        layer("d161 stem", 4, 96, 112, 7, 2));
  }

  /** All of them. */
  public static List<Layer> all() {
    List<Layer> layers = new ArrayList<>(efficientNetB4());
    layers.addAll(resNet50());
    layers.addAll(denseNet161());
    layers.addAll(spatial());
    layers.addAll(stems());
    return layers;
  }

  /** Depthwise convolutions of EfficientNet-B0 at 224 x 224, by name. */
  static Map<String, ConvGeometry> depthwise() {
    Map<String, ConvGeometry> layers = new LinkedHashMap<>();
    int[][] shapes = {
      // channels, size, kernel, stride
      {32, 112, 3, 1},
      {96, 112, 3, 2},
      {144, 56, 3, 1},
      {144, 56, 5, 2},
      {240, 28, 5, 1},
      {240, 28, 3, 2},
      {480, 14, 3, 1},
      {480, 14, 5, 1},
      {672, 14, 5, 1},
      {672, 14, 5, 2},
      {1152, 7, 5, 1},
      {1152, 7, 3, 1}
    };
    for (int[] s : shapes) {
      int c = s[0];
      int k = s[2];
      layers.put(
          "b0 dw %dx%d%s %d@%d".formatted(k, k, s[3] == 2 ? "/2" : "", c, s[1]),
          ConvGeometry.symmetric(1, s[1], s[1], c, c, k, k, s[3], s[3], k / 2, k / 2, 1, 1, c));
    }
    return layers;
  }
}
