// Which values are alive after each node, and the memory of the tensors that nodes allocate.
#pragma once

#include "lib/analysis/analysis_input.h"

namespace tsir {

struct Live {
  const jit::Node* node = nullptr;
  // alive after the node: tensors and containers of tensors that nodes created, without weights
  std::vector<const jit::Value*> tensors;
  uint64_t bytes_after = 0;  // memory of these tensors; shared memory is counted once
  uint64_t bytes_during = 0; // the same, plus what is freed after this node
};

struct Liveness {
  std::vector<Live> nodes;  // nodes that allocate or free a tensor, in order; without blocks that never ran
  uint64_t input_bytes = 0; // held by the caller during the whole run
  uint64_t weight_bytes = 0;
  uint64_t peak_bytes = 0;
  const jit::Node* peak = nullptr; // the first node at which the peak is reached
  struct Part {
    const jit::Value* value = nullptr; // the value for which the memory was allocated
    uint64_t bytes = 0;
  };
  std::vector<Part> peak_parts;                // largest first
  std::vector<const jit::Value*> unknown_size; // tensors that nodes created and whose size is unknown; not counted
};

// The memory that the graph requires. Scratch memory of operators and the rounding of the allocator are not included. A
// tensor that a loop carries is counted in addition to its initial value.
Liveness liveness_of(const AnalysisInput& subject);

} // namespace tsir
