// The names of values in differences.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// The names that people gave, and for other values the numbers that a renumbered copy of their graph would give them
// (torch::jit::Canonicalize). Numbers a graph when the first of them is asked for: graphs without differences need
// none.
class FreshNames {
public:
  // Without the %.
  std::string of(const jit::Value& value);

private:
  std::unordered_map<const jit::Graph*, std::vector<size_t>> numbers_; // by LibTorch's number
};

} // namespace tsir
