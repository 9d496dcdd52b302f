// Attributes of nodes from .ir text.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// A graph that a node holds and that stands after the graph of the node.
struct HeldGraph {
  jit::Node* node;
  c10::Symbol attribute;
  std::string label; // as `with LABEL = graph(…)` has it
  Word word;
  bool one_of_several = false;
};

// `name=value`, set on the node. `type`: of the node's only output, or null. Graphs are added to `held`. Throws as
// read_value does.
void read_attribute(Cursor& cursor, jit::Node& node, const c10::TypePtr& type, const KeptConstants& kept,
                    std::vector<HeldGraph>& held);

} // namespace tsir::ir_text
