#include "lib/run/host_settings.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/compat/unshipped.h"
#include "lib/run/threads.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <charconv>
#include <sstream>

namespace tsir {
namespace {

void set_fusion_strategy(const std::string& text) {
  jit::FusionStrategy strategy;
  for (const auto& [behavior, times] : fusion_strategy_of(text)) {
    strategy.emplace_back(behavior == "STATIC" ? jit::FusionBehavior::STATIC : jit::FusionBehavior::DYNAMIC, times);
  }
  jit::setFusionStrategy(strategy);
}

} // namespace

std::vector<std::pair<std::string, size_t>> fusion_strategy_of(const std::string& text) {
  std::vector<std::pair<std::string, size_t>> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    const size_t colon = std::min(part.find(':'), part.size());
    const std::string behavior = part.substr(0, colon);
    const std::string digits = part.substr(std::min(colon + 1, part.size()));
    size_t times = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), times);
    const bool number = failed == std::errc() && end == digits.data() + digits.size() && times <= 1000;
    if ((behavior != "STATIC" && behavior != "DYNAMIC") || !number) {
      parts.clear();
      break;
    }
    parts.emplace_back(behavior, times);
  }
  if (parts.empty()) {
    throw Error(ErrorKind::usage, fmt::format("'{}' is not a fusion strategy such as STATIC:2,DYNAMIC:10", text));
  }
  return parts;
}

std::string to_text(const HostSettings& settings) {
  std::vector<std::string> parts;
  if (settings.executor != Executor::profiling) {
    parts.push_back(fmt::format("executor {}", to_string(settings.executor)));
  }
  if (settings.onednn_fusion) {
    parts.emplace_back("oneDNN fusion");
  }
  if (settings.profiled_runs > 0) {
    parts.push_back(plural(settings.profiled_runs, "profiled run"));
  }
  if (!settings.fusion_strategy.empty()) {
    parts.push_back("fusion strategy " + settings.fusion_strategy);
  }
  if (settings.threads > 0) {
    parts.push_back(plural(static_cast<size_t>(settings.threads), "thread"));
  }
  if (settings.interop_threads > 0) {
    parts.push_back(
        fmt::format("{} between operators", plural(static_cast<size_t>(settings.interop_threads), "thread")));
  }
  if (settings.inference_mode) {
    parts.emplace_back("inference mode");
  }
  if (settings.flush_denormal) {
    parts.emplace_back("denormal numbers flushed");
  }
  return parts.empty() ? "LibTorch's defaults" : fmt::format("{}", fmt::join(parts, ", "));
}

nlohmann::ordered_json to_json(const HostSettings& settings) {
  return {{"executor", to_string(settings.executor)},    {"threads", settings.threads},
          {"interop_threads", settings.interop_threads}, {"profiled_runs", settings.profiled_runs},
          {"fusion_strategy", settings.fusion_strategy}, {"onednn_fusion", settings.onednn_fusion},
          {"inference_mode", settings.inference_mode},   {"flush_denormal", settings.flush_denormal}};
}

HostSettings host_settings_of(const nlohmann::ordered_json& json) {
  try {
    return {.executor = parse_executor(json.at("executor").get<std::string>()),
            .threads = json.at("threads").get<int>(),
            .interop_threads = json.at("interop_threads").get<int>(),
            .profiled_runs = json.at("profiled_runs").get<size_t>(),
            .fusion_strategy = json.value("fusion_strategy", ""),
            .onednn_fusion = json.at("onednn_fusion").get<bool>(),
            .inference_mode = json.at("inference_mode").get<bool>(),
            .flush_denormal = json.at("flush_denormal").get<bool>()};
  } catch (const std::exception& error) {
    throw Error(ErrorKind::load, fmt::format("settings of the program cannot be read: {}", one_line(error)));
  }
}

void set_up_process(const HostSettings& settings) {
  // The processor's flag belongs to a thread, and threads inherit it from the one that starts them.
  if (settings.flush_denormal && !at::globalContext().setFlushDenormal(true)) {
    throw Error(ErrorKind::usage, "this processor cannot flush denormal numbers");
  }
  set_threads(settings.threads);
  if (settings.interop_threads > 0) {
    at::set_num_interop_threads(settings.interop_threads);
  }
  if (settings.profiled_runs > 0) {
    jit::getNumProfiledRuns() = settings.profiled_runs;
  }
  if (!settings.fusion_strategy.empty()) {
    set_fusion_strategy(settings.fusion_strategy);
  }
  if (settings.onednn_fusion) {
    register_onednn_graph_fuser();
  }
}

} // namespace tsir
