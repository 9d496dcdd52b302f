// Passes written outside tsir, in a shared library. A plugin is a .cpp file that includes this header and says
// TSIR_PASS_PLUGIN(function), where `function` adds rows to a registry, as the files in passes/ do. It is compiled
// against tsir's and LibTorch's headers and links to neither: it finds both in the tsir that loads it. docs/pass_plugin
// has an example.
#pragma once

#include "lib/pass/registry.h"

// Rows are C++ objects: a plugin must have been built with the same rows and the same LibTorch. Raised with every
// change of PassRow or Registry.
#define TSIR_PLUGIN_INTERFACE "tsir passes 1, LibTorch " TORCH_VERSION

#define TSIR_PASS_PLUGIN(function)                                                                                     \
  extern "C" const char* tsir_plugin_interface() {                                                                     \
    return TSIR_PLUGIN_INTERFACE;                                                                                      \
  }                                                                                                                    \
  extern "C" void tsir_register_passes(tsir::Registry& registry) {                                                     \
    function(registry);                                                                                                \
  }

namespace tsir {

// Loads a plugin and lets it add its rows. Throws Error(usage): no such file, no plugin, built for another tsir or
// LibTorch, a name that is taken.
void load_pass_plugin(const std::string& path, Registry& registry);

} // namespace tsir
