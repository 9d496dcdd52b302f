// The methods of a module and of its submodules, by dotted paths: "layer1.forward" is forward of layer1.
#pragma once

#include "lib/dump/view.h"

namespace tsir {

// Those of the module itself and of all its submodules.
std::vector<ShownMethod> all_methods(const InspectedModule& inspected);
// The paths of the methods to show: `wanted`, or all methods of the module for "*", or forward by default, or all where
// there is no forward. Throws Error(usage) where there is no such method.
std::vector<std::string> wanted_methods(const jit::Module& module, const std::string& wanted);
// Throws Error(usage) where there is no such submodule.
jit::Method method_at(const jit::Module& module, const std::string& path);

} // namespace tsir
