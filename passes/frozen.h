// Shared by the two files of passes on frozen graphs: the operators that they look for, and the graphs of their
// examples.
#pragma once

#include "lib/pass/registry.h"
#include "passes/graph_pass.h"

namespace tsir {

void register_frozen_folding(Registry&);

Wanted frozen_conv();
Wanted frozen_conv_or_linear();

// Whether the graph has a tensor constant on a device of that type.
bool has_constant_on(const jit::Graph& graph, c10::DeviceType device);

// .ir text of a convolution (of %x, into %conv) or linear (into %linear) with weights of ones, then `rest`, returning
// `result`. The weights become constants when the example is prepared (see example_unit). `rest` may use %channel,
// %false, %momentum and %eps; in conv_example also %one.
std::string conv_example(const std::string& rest, const std::string& result);
std::string linear_example(const std::string& rest, const std::string& result);

} // namespace tsir
