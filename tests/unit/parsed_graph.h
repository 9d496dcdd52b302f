// A graph from text, by LibTorch's parser: for tests that need a graph and do not test the reader.
#pragma once

#include "lib/compat/libtorch.h"

#include <torch/csrc/jit/ir/irparser.h>

namespace tsir {

inline GraphPtr parsed(const std::string& text) {
  auto graph = std::make_shared<jit::Graph>();
  jit::parseIR(text, graph.get());
  return graph;
}

} // namespace tsir
