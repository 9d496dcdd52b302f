// A graph from text, straight through LibTorch's parser: for tests of what works on graphs, not of reading them.
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
