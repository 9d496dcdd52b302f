#include "lib/bisect/pass_states.h"

#include "lib/process/child.h"
#include "lib/base/error.h"
#include "lib/ir/text/print.h"
#include "lib/bench/timing/clock.h"
#include "lib/model/save.h"
#include "lib/model/text_ir.h"

#include <csignal>
#include <cstdlib>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// LibTorch reads the variable once in a process, when the first pass asks: it must not have asked in the parent.
VerifyTarget limited_target(const StateSettings& settings, const OptLimit& limit) {
  std::signal(SIGINT, SIG_IGN); // Ctrl-C is for the parent
  if (!limit.file.empty()) {
    ::setenv("PYTORCH_JIT_OPT_LIMIT", to_text(limit).c_str(), 1);
  }
  return settings.target();
}

Unit unit_after(const Pipeline& pipeline, const VerifyTarget& target) {
  Unit unit = target.open();
  const auto& sets = target.observe.input_sets;
  pipeline.run(unit, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = target.device});
  return unit;
}

// What `work` gives, from a child. Throws the Error that the child met.
Json from_child(const std::function<Json()>& work, std::chrono::nanoseconds limit) {
  Json found;
  const ChildEnd end = run_in_child(
      [&](const LineSink& send) {
        discard_output();
        Json json;
        try {
          json["result"] = work();
        } catch (const Error& error) {
          json = {{"error", error.what()}, {"kind", static_cast<int>(error.kind())}};
        }
        send(json.dump(-1, ' ', false, Json::error_handler_t::replace));
      },
      [&](const std::string& line) { found = Json::parse(line); }, limit);
  if (end.kind != ChildEnd::Kind::finished) {
    throw Error(ErrorKind::crash, end.what);
  }
  if (found.contains("error")) {
    throw Error(static_cast<ErrorKind>(found["kind"].get<int>()), found["error"].get<std::string>());
  }
  return found["result"];
}

} // namespace

std::string to_text(const OptLimit& limit) {
  return fmt::format("{}={}", limit.file, limit.count);
}

PassVerdict judge_state(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit) {
  SweepSettings sweep;
  sweep.target = [&] {
    VerifyTarget target = limited_target(settings, limit);
    target.last_only = true;
    return target;
  };
  sweep.limit = settings.limit;
  return verify_in_child(pipeline, sweep).back();
}

std::string state_text(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit) {
  try {
    return from_child([&] { return Json(to_text(*unit_after(pipeline, limited_target(settings, limit)).graph())); },
                      settings.limit);
  } catch (const Error&) {
    return "";
  }
}

StateTime time_state(const Pipeline& pipeline, const StateSettings& settings, const BenchSettings& bench) {
  const Json json = from_child(
      [&]() -> Json {
        keep_freed_memory();
        install_allocator(/*shake=*/true);
        const VerifyTarget opened = limited_target(settings, {});
        BenchTarget target;
        target.open = opened.open;
        target.method = opened.open().name();
        target.inputs = opened.observe.input_sets.at(0);
        target.device = opened.device;
        target.executor = opened.observe.executor;
        target.grad = opened.observe.grad;
        target.seed = opened.observe.seed;
        SteadyClock clock;
        const BenchResult result = run_bench(target, {{"start", Pipeline()}, {"state", pipeline}}, bench, clock,
                                             {.stop = [] { return false; }, .progress = [](const Progress&) {}});
        const CheckedVariant& variant = result.variants.at(1);
        if (variant.state == VariantState::identical) {
          return {{"outcome", static_cast<int>(Outcome::identical)}, {"what", "executes the same graph"}};
        }
        const Contrast* contrast = result.contrast(1, 0);
        if (contrast == nullptr || !contrast->decision) {
          return {{"outcome", static_cast<int>(Outcome::inconclusive)},
                  {"what", variant.detail.empty() ? "not timed" : variant.detail}};
        }
        const Ratio& ratio = contrast->decision->ratio;
        return {{"outcome", static_cast<int>(contrast->outcome())},
                {"what", fmt::format("{}: {:.3g}x the time of the start [{:.3g}, {:.3g}]",
                                     to_string(contrast->outcome()), ratio.ratio, ratio.low, ratio.high)}};
      },
      settings.limit);
  return {static_cast<Outcome>(json["outcome"].get<int>()), json["what"]};
}

void save_state(const Pipeline& pipeline, const StateSettings& settings, const std::string& file) {
  from_child(
      [&] {
        Unit unit = unit_after(pipeline, limited_target(settings, {}));
        if (unit.has_module()) {
          save_module(unit, file);
        } else {
          write_ir(*unit.graph(), file);
        }
        return Json(true);
      },
      settings.limit);
}

bool is_module(const StateSettings& settings) {
  return from_child([&] { return Json(limited_target(settings, {}).open().has_module()); }, settings.limit).get<bool>();
}

} // namespace tsir
