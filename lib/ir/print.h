// A graph as text, the same on every run: numbers are given afresh in order, names that people gave stay.
#pragma once

#include "lib/core/libtorch.h"

namespace tsir {

struct PrintSettings {
  bool locations = false; // `# file.py:12:8` after each node
};

std::string to_text(const jit::Graph& graph, const PrintSettings& settings = {});

} // namespace tsir
