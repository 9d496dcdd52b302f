// A graph as text, the same on every run: numbers are given afresh in order, names that people gave stay.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct PrintSettings {
  bool locations = false; // `# file.py:12:8` after each node
  // Keep the numbers that the values have now. A pass that works in place leaves those of untouched values alone, so
  // that the texts before and after it differ only where the graph does.
  bool keep_numbers = false;
};

// For people: constants that are too large for the text are left out (`<Tensor>`). write_ir (lib/model/text_ir.h) keeps
// them.
std::string to_text(const jit::Graph& graph, const PrintSettings& settings = {});

} // namespace tsir
