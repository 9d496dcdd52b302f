#include "lib/bench/variants/preflight.h"

#include "lib/base/error.h"
#include "lib/bench/variants/train.h"
#include "lib/process/phase.h"
#include "lib/process/worker.h"
#include "lib/run/compare.h"

namespace tsir {
namespace {

void try_variant(const std::function<BenchTarget()>& make_target, const VariantSpec& spec) {
  try {
    const BenchTarget target = make_target();
    const Variant variant = make_variant(target, spec);
    const bool changed = std::ranges::any_of(variant.passes, &PassOutcome::changed);
    if (changed && !runs_interpreted_nnc(*variant.runnable.executed_graph(), target.device)) {
      const Phase phase(fmt::format("running {} after {}", variant.unit.name(), spec.pipeline.text()));
      if (target.training) {
        target.training->first_steps(target, variant, /*must_be_finite=*/false, nullptr);
      } else {
        variant.runnable.run(deep_copies(target.inputs));
      }
    }
  } catch (const std::exception&) {
    // The exception is thrown again when variants are checked, and is reported there.
  }
}

} // namespace

void mark_crashing(std::vector<VariantSpec>& specs, const std::function<BenchTarget()>& target,
                   std::chrono::nanoseconds limit, const Hooks& hooks) {
  for (size_t i = 1; i < specs.size() && !(hooks.stop && hooks.stop()); ++i) {
    if (specs[i].rival) {
      continue;
    }
    if (hooks.progress) {
      hooks.progress({.doing = "trying " + specs[i].name,
                      .done = static_cast<double>(i) / static_cast<double>(specs.size()),
                      .eta_seconds = 0});
    }
    const auto result = in_worker<void>({.limit = limit}, [&] { try_variant(target, specs[i]); });
    if (const auto* death = std::get_if<WorkerDeath>(&result)) {
      specs[i].crash = (death->kind == WorkerDeath::Kind::crashed ? "LibTorch crashed: " : "") + death->what;
    } else {
      value_or_throw(result); // a TimeLimit of opening the file has passed
    }
  }
}

} // namespace tsir
