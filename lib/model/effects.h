// What running a model does besides computing its outputs.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct Effect {
  std::string operation; // "aten::save"
  std::string what;      // "writes a file"
  std::string place;     // "model.py:12" in the original source, else in code/; "" where unknown
  bool conditional;      // inside an if or a loop
};

// Of the graph and all that it calls: files, prints, remote calls, random seeds, and changes to the module itself.
std::vector<Effect> effects_of(const jit::Graph& graph);

// Where a node comes from, as `file:line`; "" where unknown.
std::string place_of(const jit::Node& node);

} // namespace tsir
