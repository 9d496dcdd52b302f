// How reports name values and nodes.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

std::string report_name(const jit::Value& value);                             // "%x.1"
std::vector<std::string> report_names(const std::vector<const jit::Value*>&); // in order
std::string report_name(const jit::Node& node); // "%3, %4 = aten::max", "aten::append(%l)"
// At most `limit` of them: "%a, %b and 7 more".
std::string listed(const std::vector<std::string>& names, size_t limit);
// All nodes in order, those of nested blocks after the node that holds them.
std::vector<const jit::Node*> nodes_in_order(const jit::Graph& graph);
// All values in the order of their definition: the graph's inputs, then outputs of nodes and inputs of blocks.
std::vector<const jit::Value*> values_in_order(const jit::Graph& graph);
bool is_tensor(const jit::Value& value);

} // namespace tsir
