// LibTorch's settings that a program makes itself: they do not travel in a module's file.
#pragma once

#include "lib/run/runnable.h"

#include <nlohmann/json.hpp>

namespace tsir {

// Each default is what LibTorch does in a program that sets nothing, apart from autograd, which is off.
struct HostSettings {
  Executor executor = Executor::profiling;
  int threads = 0;          // within an operator; 0: LibTorch's choice
  int interop_threads = 0;  // for forked tasks; 0: LibTorch's choice
  size_t profiled_runs = 0; // that the profiling executor makes before it optimises; 0: LibTorch's choice
  // How often the profiling executor compiles fused graphs again for other shapes: "STATIC:2,DYNAMIC:10"; "": as
  // LibTorch does by itself.
  std::string fusion_strategy = {};
  bool onednn_fusion = false;  // the profiling executor fuses with oneDNN Graph, as torch.jit.enable_onednn_fusion
  bool inference_mode = false; // instead of switching autograd off only
  bool flush_denormal = false; // numbers near 0 become 0
  bool operator==(const HostSettings&) const = default;
};

// What differs from LibTorch's defaults: "executor as-is, 1 thread, inference mode"; "LibTorch's defaults".
std::string to_text(const HostSettings& settings);
nlohmann::ordered_json to_json(const HostSettings& settings);
// Throws Error(load) if the JSON is not of this kind.
HostSettings host_settings_of(const nlohmann::ordered_json& json);

// The parts of a fusion strategy, such as {"STATIC", 2}. Throws Error(usage) if the text is not one.
std::vector<std::pair<std::string, size_t>> fusion_strategy_of(const std::string& text);

// Makes the settings of the process: all but the executor and inference mode, which belong to a call. To be called
// before any operator has run. Throws Error(usage) if this LibTorch or this processor lacks one.
void set_up_process(const HostSettings& settings);

} // namespace tsir
