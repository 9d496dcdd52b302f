// Nodes, attributes and types in one line, as differences show them.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

// "%3 : Tensor = aten::add[x=1](%1, %2)", without nested blocks.
std::string node_line(const jit::Node& node);
// "%3 = aten::add", "aten::append(%l)" without outputs: to speak of a node.
std::string node_name(const jit::Node& node);
std::string attribute_text(const jit::Node& node, c10::Symbol name);
// Classes without the numbers that LibTorch gives to those of one name: each load counts anew.
std::string plain_type(const c10::Type& type);

} // namespace tsir
