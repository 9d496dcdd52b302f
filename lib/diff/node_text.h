// Prints nodes, attributes and types on one line, for differences.
#pragma once

#include "lib/diff/fresh_names.h"

namespace tsir {

// "%3 : Tensor = aten::add[x=1](%1, %2)", without nested blocks.
std::string node_line(const jit::Node& node, FreshNames& names);
// A short name for a node: "%3 = aten::add", or "aten::append(%l)" if it does not have outputs.
std::string node_name(const jit::Node& node, FreshNames& names);
std::string attribute_text(const jit::Node& node, c10::Symbol name);
// Prints classes without the numbers that LibTorch adds to equal names, because they differ for each load.
std::string plain_type(const c10::Type& type);

} // namespace tsir
