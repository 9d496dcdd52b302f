// Functions of LibTorch that look like passes but have no row, each with the reason. tests/lit/passes/coverage reads
// the installed headers and the exported symbols, and fails on a function that is neither in a row nor here.
#pragma once

#include <span>
#include <string_view>

namespace tsir {

struct Exclusion {
  std::string_view
      function; // "torch::jit::fuser::cuda::fuseGraph"; or a class, for all of its methods: "torch::jit::LoopsPeeler"
  std::string_view reason; // one line, no full stop: "helper of insert-observers: tests one node"
};

std::span<const Exclusion> exclusions();

} // namespace tsir
