// The side effects of running a model.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct Effect {
  std::string operation; // "aten::save"
  std::string what;      // "writes a file"
  std::string place;     // "model.py:12" in the original source, or else in code/; "" if unknown
  bool conditional;      // inside an if or a loop
};

// The effects of the graph and of all that it calls: files, output, remote calls, random seeds, and attributes that are
// set. state_effects.h has the writes in place.
std::vector<Effect> effects_of(const jit::Graph& graph);

// The source location of a node as `file:line`; "" if unknown.
std::string place_of(const jit::Node& node);
// "aten::addmm at model.py:12"; `what` alone if the place is unknown.
std::string with_place(const std::string& what, const std::string& place);

} // namespace tsir
