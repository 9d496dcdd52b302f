// The names of values and nodes in reports.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

std::string report_name(const jit::Value& value);                             // "%x.1"
std::vector<std::string> report_names(const std::vector<const jit::Value*>&); // in order
std::string report_name(const jit::Node& node); // "%3, %4 = aten::max", "aten::append(%l)"
// At most `limit` names, followed by the number of others: "%a, %b and 7 more".
std::string listed(const std::vector<std::string>& names, size_t limit);
// All nodes in order. Nodes in nested blocks follow after the node that contains them.
std::vector<const jit::Node*> nodes_in_order(const jit::Graph& graph);
// All values in the order of their definition: inputs of the graph, then outputs of nodes and inputs of blocks.
std::vector<const jit::Value*> values_in_order(const jit::Graph& graph);
bool is_tensor(const jit::Value& value);

} // namespace tsir
