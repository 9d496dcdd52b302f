// Functions of LibTorch that look like passes and have no row, each with its reason. tests/lit/passes/coverage reads
// the installed headers and the exported symbols, and fails on a function that is neither in a row nor here.
#pragma once

#include <span>
#include <string_view>

namespace tsir {

struct Exclusion {
  std::string_view
      function; // "torch::jit::fuser::cuda::fuseGraph"; a class's methods together: "torch::jit::LoopsPeeler"
  std::string_view reason; // one line, no full stop: "helper of insert-observers: asks about one node"
};

std::span<const Exclusion> exclusions();

} // namespace tsir
