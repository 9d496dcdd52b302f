// Prints a graph as text that is the same on every run: numbers are reassigned in order, and user-given names are kept.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct PrintSettings {
  bool locations = false; // `# file.py:12:8` after each node
  // Keep the current numbers of values. A pass that works in place does not change the numbers of untouched values, so
  // that the texts before and after it differ only where the graph does.
  bool keep_numbers = false;
};

// Text for display: constants that are too large are left out (`<Tensor>`). write_ir (lib/model/text_ir.h) keeps them.
std::string to_text(const jit::Graph& graph, const PrintSettings& settings = {});

} // namespace tsir
