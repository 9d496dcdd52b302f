// Attributes of nodes from .ir text.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// A graph that is an attribute of a node. In the text, it follows after the graph of the node.
struct HeldGraph {
  jit::Node* node;
  c10::Symbol attribute;
  std::string label; // from `with LABEL = graph(…)`
  Word word;
  bool one_of_several = false;
};

// Reads `name=value` and sets it on the node. `type` is the type of the node's only output, or null. Graphs are
// appended to `held`. Throws the same errors as read_value.
void read_attribute(Cursor& cursor, jit::Node& node, const c10::TypePtr& type, const KeptConstants& kept,
                    std::vector<HeldGraph>& held);

} // namespace tsir::ir_text
