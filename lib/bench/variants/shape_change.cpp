#include "lib/bench/variants/shape_change.h"

#include "lib/base/error.h"
#include "lib/bench/stats/statistics.h"
#include "lib/ir/hash.h"

namespace tsir {
namespace {

double settled_time(const Warmup& warmup, const WarmupSettings& settings) {
  const size_t window = std::min(warmup.call_ns.size(), settled_window(warmup.call_ns, settings));
  return median(std::span(warmup.call_ns).last(window));
}

class Change {
public:
  Change(const WarmupSettings& settings, Clock& clock, const Hooks& hooks)
      : settings_(settings), clock_(clock), hooks_(hooks) {}
  void measure(ShapeChange& change, const std::vector<BenchTarget>& targets, const VariantSpec& spec);

private:
  Warmup settle(const Arm& arm) { return warm_up(arm, 0, settings_, clock_, hooks_.stop); }
  double time_of(const Arm& arm) {
    const int64_t start = clock_.now();
    arm.call();
    return static_cast<double>(clock_.now() - start);
  }

  const WarmupSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
};

void Change::measure(ShapeChange& change, const std::vector<BenchTarget>& targets, const VariantSpec& spec) {
  const auto variant = std::make_shared<const Variant>(make_variant(targets[change.from], spec));
  const auto plan = [variant] { return canonical_hash(*variant->runnable.executed_graph()); };
  const Arm one{caller_of(variant, targets[change.from]), plan};
  const Arm other{caller_of(variant, targets[change.to]), plan};
  change.settled = settled_time(settle(one), settings_);
  const Warmup after = settle(other);
  change.first = after.call_ns.front();
  change.second = after.call_ns.size() > 1 ? after.call_ns[1] : 0;
  change.calls = after.call_ns.size();
  change.settled_again = settled_time(after, settings_);
  change.back_first = time_of(one);
  change.back_second = time_of(one);
}

} // namespace

std::vector<ShapeChange> shape_changes(const std::vector<BenchTarget>& targets, const std::vector<VariantSpec>& specs,
                                       const std::vector<size_t>& variants, const WarmupSettings& settings,
                                       Clock& clock, const Hooks& hooks) {
  std::vector<ShapeChange> changes;
  for (const size_t variant : variants) {
    for (size_t to = 1; to < targets.size(); ++to) {
      if (hooks.stop && hooks.stop()) {
        return changes;
      }
      if (hooks.progress) {
        hooks.progress({.doing = "changing shapes of " + specs[variant].name, .done = 1, .eta_seconds = 0});
      }
      ShapeChange change;
      change.variant = variant;
      change.to = to;
      try {
        Change(settings, clock, hooks).measure(change, targets, specs[variant]);
      } catch (const std::exception& error) {
        change.failure = one_line(error);
      }
      changes.push_back(std::move(change));
    }
  }
  return changes;
}

} // namespace tsir
