// Which values are alive after each node, and how much memory the tensors that nodes make take.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

struct Live {
  const jit::Node* node = nullptr;
  std::vector<const jit::Value*> tensors; // alive after it: tensors and containers of them that nodes made, no weights
  uint64_t bytes_after = 0;               // memory of these; what is shared counts once
  uint64_t bytes_during = 0;              // the same, and what dies at this node
};

struct Liveness {
  std::vector<Live> nodes;  // those that make or end a tensor, in order; blocks that never ran are left out
  uint64_t input_bytes = 0; // held by the caller throughout
  uint64_t weight_bytes = 0;
  uint64_t peak_bytes = 0;
  const jit::Node* peak = nullptr; // the first node during which it is reached
  struct Part {
    const jit::Value* value = nullptr; // the value that the memory was made for
    uint64_t bytes = 0;
  };
  std::vector<Part> peak_parts;                // largest first
  std::vector<const jit::Value*> unknown_size; // tensors that nodes made and whose size is unknown: not counted
};

// Memory as the graph asks for it: operators' scratch memory and the allocator's rounding are not seen. The tensor that
// a loop carries counts once more than the one that it starts with.
Liveness liveness_of(const AnalysisInput& subject);

} // namespace tsir
