// The methods of a module and of its submodules by dotted paths: "layer1.forward" is the forward method of layer1.
#pragma once

#include "lib/dump/view.h"

namespace tsir {

// The methods of the module and of all its submodules.
std::vector<ShownMethod> all_methods(const InspectedModule& inspected);
// The paths of the methods to show: `wanted`, or all methods of the module for "*". By default, forward, or all methods
// if there is no forward. Throws Error(usage) if the method does not exist.
std::vector<std::string> wanted_methods(const jit::Module& module, const std::string& wanted);
// Throws Error(usage) if the submodule does not exist.
jit::Method method_at(const jit::Module& module, const std::string& path);

} // namespace tsir
