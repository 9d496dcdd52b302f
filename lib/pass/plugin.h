// Passes outside of tsir, in a shared library. A plugin is a .cpp file that includes this
// header and contains TSIR_PASS_PLUGIN(function), where `function` adds rows to a registry, as the files in passes/ do.
// It is compiled against tsir's and LibTorch's headers but not linked to either: the tsir that loads it provides both.
// docs/pass_plugin has an example.
#pragma once

#include "lib/compat/versions.h"
#include "lib/pass/registry.h"

// Rows are C++ objects, so a plugin must have been built with the same rows and the same LibTorch. To be raised with
// every change of PassRow or Registry.
#define TSIR_PLUGIN_INTERFACE "tsir passes 3, LibTorch " TORCH_VERSION

#define TSIR_PASS_PLUGIN(function)                                                                                     \
  extern "C" const char* tsir_plugin_interface() {                                                                     \
    return TSIR_PLUGIN_INTERFACE;                                                                                      \
  }                                                                                                                    \
  extern "C" void tsir_register_passes(tsir::Registry& registry) {                                                     \
    function(registry);                                                                                                \
  }

namespace tsir {

// Loads a plugin, which adds its rows. Throws Error(usage) if the file does not exist or is not a plugin, if it was
// built for another tsir or LibTorch, or if a name is already in use.
void load_pass_plugin(const std::string& path, Registry& registry);

} // namespace tsir
