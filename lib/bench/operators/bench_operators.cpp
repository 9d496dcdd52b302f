#include "lib/bench/operators/bench_operators.h"

#include "lib/base/error.h"
#include "lib/bench/operators/attribution.h"
#include "lib/bench/operators/operator_track.h"
#include "lib/run/compare.h"

#include <set>

namespace tsir {
namespace {

// The first call of LibTorch's executor profiles and the second compiles; differentiable graphs then do both once more.
constexpr size_t calls_until_planned = 4;

class BenchProfiler {
public:
  BenchProfiler(const BenchOutcome& result, const BenchTarget& target, const std::vector<VariantSpec>& specs,
                const BenchSettings& bench, const OperatorSettings& settings, Clock& clock, const Hooks& hooks)
      : result_(result), target_(target), specs_(specs), bench_(bench), settings_(settings), clock_(clock),
        hooks_(hooks) {
    report_.rows = settings.rows;
    report_.launches_only = !target.device.is_cpu();
    report_.span_cost_ns = times_.span_cost_ns();
  }
  OperatorOutcome run();

private:
  void profile_group(const Group& group);
  void take_variants(const Group& group, const OperatorRounds& rounds);
  void take_contrasts(const Group& group, const OperatorRounds& rounds);
  void count(const OperatorRounds& rounds);
  ProfiledSource source(size_t variant);
  ProfiledArm make(const VariantSpec& spec);
  OperatorTrack track(size_t variant);
  double median_ns(size_t variant) const { return result_.summary(variant)->median; }

  const BenchOutcome& result_;
  const BenchTarget& target_;
  const std::vector<VariantSpec>& specs_;
  const BenchSettings& bench_;
  const OperatorSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
  NodeTimes times_;
  std::set<size_t> profiled_;                      // variants that already have their row, …
  std::set<std::pair<size_t, size_t>> attributed_; // and pairs of variants
  OperatorOutcome report_;
};

OperatorOutcome BenchProfiler::run() {
  const int64_t start = clock_.now();
  for (const Group& group : result_.groups) {
    if (!report_.interrupted && result_.summary(0)) {
      profile_group(group);
    }
  }
  report_.seconds = static_cast<double>(clock_.now() - start) * 1e-9;
  return std::move(report_);
}

void BenchProfiler::profile_group(const Group& group) {
  OperatorRoundsSettings settings;
  settings.max_seconds = bench_.protocol.max_seconds / (2.0 * static_cast<double>(result_.groups.size()));
  settings.warmup = bench_.protocol.warmup;
  settings.seed = bench_.protocol.seed;
  std::vector<ProfiledSource> sources;
  std::ranges::transform(group.variants, std::back_inserter(sources), [&](size_t variant) { return source(variant); });
  const OperatorRounds rounds = profile_rounds(sources, settings, clock_, hooks_);
  report_.interrupted = rounds.interrupted;
  for (size_t arm = 0; arm < sources.size(); ++arm) {
    if (!rounds.failures[arm].empty()) {
      report_.failures.push_back(fmt::format("{}: {}", sources[arm].name, rounds.failures[arm]));
    }
  }
  count(rounds);
  take_variants(group, rounds);
  take_contrasts(group, rounds);
}

void BenchProfiler::count(const OperatorRounds& rounds) {
  size_t blocks = 0;
  for (const auto& round : rounds.rounds) {
    blocks += round.size();
  }
  if (report_.rounds == 0 || rounds.rounds.size() < report_.rounds) {
    report_.rounds = rounds.rounds.size();
    report_.blocks = blocks;
  }
}

void BenchProfiler::take_variants(const Group& group, const OperatorRounds& rounds) {
  for (size_t arm = 0; arm < group.variants.size(); ++arm) {
    const size_t variant = group.variants[arm];
    if (!group.measurement.failures[arm].empty() || !result_.summary(variant) || !profiled_.insert(variant).second) {
      continue;
    }
    if (auto profile = profile_of(rounds, arm, median_ns(variant))) {
      const bool draw = settings_.tracks && !report_.interrupted;
      report_.variants.push_back({variant, std::move(*profile), draw ? track(variant) : OperatorTrack{}});
    }
  }
}

void BenchProfiler::take_contrasts(const Group& group, const OperatorRounds& rounds) {
  const auto arm_of = [&](size_t variant) {
    auto found = std::ranges::find(group.variants, variant);
    found = found == group.variants.end() ? std::ranges::find(group.variants, result_.timed_as(variant)) : found;
    return static_cast<size_t>(found - group.variants.begin());
  };
  for (const Contrast& contrast : result_.contrasts) {
    const size_t arm = arm_of(contrast.variant);
    const size_t reference = arm_of(contrast.reference);
    const size_t arms = group.variants.size();
    if (!contrast.decision || arm >= arms || reference >= arms ||
        !attributed_.insert({group.variants[arm], group.variants[reference]}).second) {
      continue;
    }
    const double reference_ns = median_ns(contrast.reference);
    const double delta_ns = (contrast.decision->ratio.ratio - 1) * reference_ns;
    const MeasuredPair measured{median_ns(contrast.variant), reference_ns, delta_ns};
    if (auto attribution = attribute(rounds, arm, reference, measured, times_.groups())) {
      report_.contrasts.push_back({contrast.variant, contrast.reference, std::move(*attribution)});
    }
  }
}

ProfiledSource BenchProfiler::source(size_t variant) {
  const VariantSpec& spec = specs_[variant];
  return {spec.name, [this, &spec] { return make(spec); }};
}

ProfiledArm BenchProfiler::make(const VariantSpec& spec) {
  if (spec.rival) {
    throw Error(ErrorKind::check, "another program, whose operators cannot be profiled");
  }
  Variant variant = make_variant(target_, spec);
  const bool as_is = target_.executor == Executor::as_is;
  const std::vector<c10::IValue> inputs = deep_copies(target_.inputs);
  for (size_t call = 0; !as_is && call < calls_until_planned; ++call) {
    variant.runnable.run(inputs);
  }
  times_.number(variant.runnable.executed_code(), as_is);
  const Arm arm = make_arm(target_, std::move(variant));
  return {arm.call,
          [this, call = arm.call](size_t calls, bool washout) { return times_.measure(call, calls, washout); }};
}

OperatorTrack BenchProfiler::track(size_t variant) {
  try {
    const ProfiledArm arm = make(specs_[variant]);
    arm.call();
    return record_operators(arm.call, clock_);
  } catch (const std::exception& error) {
    report_.failures.push_back(fmt::format("{}: {}", specs_[variant].name, one_line(error)));
    return {};
  }
}

} // namespace

void profile_operators(BenchOutcome& result, const BenchTarget& target, const std::vector<VariantSpec>& specs,
                       const BenchSettings& bench, const OperatorSettings& settings, Clock& clock, const Hooks& hooks) {
  result.operators = BenchProfiler(result, target, specs, bench, settings, clock, hooks).run();
  result.interrupted = result.interrupted || result.operators->interrupted;
}

} // namespace tsir
