#include "tools/tsir/host_options.h"

namespace tsir::tool {

void HostOptions::add_to(CLI::App& app) {
  constexpr const char* group = "Settings of the process";
  app.add_option("--executor", executor_,
                 "How to run: as-is (the graph exactly as it is), profiling (as module.forward() does) or simple")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--threads", settings_.threads, "Number of threads within an operator (default: that of the bench)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->group(group);
  app.add_option("--interop-threads", settings_.interop_threads,
                 "Number of threads for forked tasks (default: chosen by LibTorch)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->group(group);
  app.add_option("--profiled-runs", settings_.profiled_runs,
                 "Number of runs that the profiling executor profiles before it optimises (default: LibTorch's, 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->group(group);
  app.add_option("--fusion-strategy", settings_.fusion_strategy,
                 "How often the profiling executor compiles fused graphs again for other shapes, such as "
                 "STATIC:2,DYNAMIC:10, as torch.jit.set_fusion_strategy (default: chosen by LibTorch)")
      ->type_name("TEXT")
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--onednn-fusion", settings_.onednn_fusion,
               "The profiling executor fuses with oneDNN Graph, as torch.jit.enable_onednn_fusion does")
      ->group(group);
  app.add_flag("--inference-mode", settings_.inference_mode, "Call in inference mode")->group(group);
  app.add_flag("--flush-denormal", settings_.flush_denormal, "Numbers near 0 become 0")->group(group);
}

HostSettings HostOptions::settings() const {
  HostSettings settings = settings_;
  settings.executor = parse_executor(executor_);
  if (!settings.fusion_strategy.empty()) {
    fusion_strategy_of(settings.fusion_strategy);
  }
  return settings;
}

} // namespace tsir::tool
