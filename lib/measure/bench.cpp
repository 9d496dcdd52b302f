#include "lib/measure/bench.h"

#include "lib/core/error.h"

namespace tsir {
namespace {

// Durations of every pass each time it ran, by the text of its pipeline up to it.
class PassClock {
public:
  void add(const VariantSpec& spec, const std::vector<PassOutcome>& passes) {
    for (size_t i = 0; i < passes.size(); ++i) {
      seconds_[spec.pipeline.text(i + 1)].push_back(passes[i].seconds);
    }
  }
  PassTime last_of(const VariantSpec& spec) const {
    const auto found = seconds_.find(spec.pipeline.text());
    if (spec.pipeline.empty() || found == seconds_.end()) {
      return {};
    }
    return {spec.pipeline.uses().back().text(), median(found->second)};
  }

private:
  std::map<std::string, std::vector<double>> seconds_;
};

class Bench {
public:
  Bench(const BenchTarget& target, const BenchSettings& settings, Clock& clock, const Hooks& hooks)
      : target_(target), settings_(settings), clock_(clock), hooks_(hooks), start_(clock.now()) {}

  BenchResult run(const std::vector<VariantSpec>& specs);

private:
  void check(const std::vector<VariantSpec>& specs);
  std::vector<std::vector<size_t>> group_variants() const;
  Measurement measure_group(const std::vector<size_t>& variants, size_t groups_left);
  void take_failures(const Group& group);
  void contrast(size_t variant, size_t reference);
  double elapsed() const { return static_cast<double>(clock_.now() - start_) * 1e-9; }

  const BenchTarget& target_;
  const BenchSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
  int64_t start_;
  PassClock pass_clock_;
  BenchResult result_;
};

BenchResult Bench::run(const std::vector<VariantSpec>& specs) {
  check(specs);
  const auto groups = group_variants();
  for (size_t i = 0; i < groups.size() && !result_.interrupted; ++i) {
    result_.groups.push_back({groups[i], measure_group(groups[i], groups.size() - i)});
    take_failures(result_.groups.back());
    result_.interrupted = result_.groups.back().measurement.interrupted;
  }
  for (size_t i = 1; i < specs.size(); ++i) {
    if (!settings_.each && i > 1) {
      contrast(i, i - 1);
    }
    contrast(i, 0);
  }
  for (const VariantSpec& spec : specs) {
    result_.pass_times.push_back(pass_clock_.last_of(spec));
  }
  result_.seconds = elapsed();
  return std::move(result_);
}

void Bench::check(const std::vector<VariantSpec>& specs) {
  Checks checks = check_variants(target_, specs, settings_.check, hooks_);
  result_.notes = std::move(checks.notes);
  result_.variants = std::move(checks.variants);
  result_.interrupted = hooks_.stop && hooks_.stop();
  for (const CheckedVariant& variant : result_.variants) {
    pass_clock_.add(variant.spec, variant.passes);
    if (variant.state == VariantState::refused && !settings_.each) {
      throw Error(ErrorKind::usage, fmt::format("{} {}", variant.spec.pipeline.text(), variant.detail));
    }
  }
}

// The baseline is in every group; neighbouring groups share a variant, so that each has the one before it beside it.
std::vector<std::vector<size_t>> Bench::group_variants() const {
  std::vector<size_t> timed;
  for (size_t i = 1; i < result_.variants.size(); ++i) {
    const VariantState state = result_.variants[i].state;
    if (state == VariantState::good || (state == VariantState::identical && settings_.force)) {
      timed.push_back(i);
    }
  }
  std::vector<std::vector<size_t>> groups = {{0}};
  const size_t most = std::max<size_t>(settings_.most_arms, 3);
  for (size_t i = 0; i < timed.size(); ++i) {
    if (groups.back().size() == most) {
      groups.push_back({0});
      if (!settings_.each) {
        groups.back().push_back(timed[i - 1]);
      }
    }
    groups.back().push_back(timed[i]);
  }
  return groups;
}

Measurement Bench::measure_group(const std::vector<size_t>& variants, size_t groups_left) {
  std::vector<ArmSource> sources;
  for (const size_t index : variants) {
    const VariantSpec& spec = result_.variants[index].spec;
    sources.push_back({spec.name, [this, &spec] {
                         Variant variant = make_variant(target_, spec.pipeline);
                         pass_clock_.add(spec, variant.passes);
                         return make_arm(target_, std::move(variant));
                       }});
  }
  ProtocolSettings protocol = settings_.protocol;
  const double left = protocol.max_seconds - elapsed();
  protocol.max_seconds = std::max(left, 0.2 * protocol.max_seconds) / static_cast<double>(groups_left);
  return measure(sources, protocol, clock_, hooks_);
}

// A variant that passed its checks may still throw in a later call.
void Bench::take_failures(const Group& group) {
  for (size_t arm = 0; arm < group.variants.size(); ++arm) {
    const std::string& failure = group.measurement.failures[arm];
    CheckedVariant& variant = result_.variants[group.variants[arm]];
    if (!failure.empty()) {
      variant.state = VariantState::run_failed;
      variant.detail = failure;
    }
  }
}

void Bench::contrast(size_t variant, size_t reference) {
  Contrast contrast{variant, reference, false, std::nullopt};
  const size_t one = settings_.force ? variant : result_.timed_as(variant);
  const size_t other = settings_.force ? reference : result_.timed_as(reference);
  contrast.identical = one == other;
  for (const Group& group : result_.groups) {
    const auto& in = group.variants;
    const auto first = std::find(in.begin(), in.end(), one);
    const auto second = std::find(in.begin(), in.end(), other);
    if (!contrast.identical && !contrast.ratio && first != in.end() && second != in.end()) {
      contrast.ratio = compare_arms(group.measurement, static_cast<size_t>(first - in.begin()),
                                    static_cast<size_t>(second - in.begin()), settings_.protocol.level);
    }
  }
  result_.contrasts.push_back(std::move(contrast));
}

Pipeline joined(const Pipeline& start, std::span<const PassUse> uses) {
  std::vector<PassUse> all = start.uses();
  all.insert(all.end(), uses.begin(), uses.end());
  return Pipeline(std::move(all));
}

VariantSpec baseline_variant(const Pipeline& start) {
  return {start.empty() ? "baseline" : fmt::format("baseline ({})", start.text()), start};
}

} // namespace

size_t BenchResult::timed_as(size_t variant) const {
  const CheckedVariant& checked = variants[variant];
  return checked.state == VariantState::identical ? checked.identical_to : variant;
}

std::optional<Summary> BenchResult::summary(size_t variant) const {
  for (const size_t candidate : {variant, timed_as(variant)}) { // itself where it was timed by force
    for (const Group& group : groups) {
      const auto found = std::find(group.variants.begin(), group.variants.end(), candidate);
      if (found != group.variants.end()) {
        return summarize(group.measurement, static_cast<size_t>(found - group.variants.begin()));
      }
    }
  }
  return std::nullopt;
}

const Contrast* BenchResult::contrast(size_t variant, size_t reference) const {
  const auto found = std::find_if(contrasts.begin(), contrasts.end(), [&](const Contrast& contrast) {
    return contrast.variant == variant && contrast.reference == reference;
  });
  return found == contrasts.end() ? nullptr : &*found;
}

BenchResult run_bench(const BenchTarget& target, const std::vector<VariantSpec>& specs, const BenchSettings& settings,
                      Clock& clock, const Hooks& hooks) {
  return Bench(target, settings, clock, hooks).run(specs);
}

std::vector<VariantSpec> prefix_variants(const Pipeline& start, const Pipeline& pipeline) {
  std::vector<VariantSpec> specs = {baseline_variant(start)};
  for (size_t count = 1; count <= pipeline.uses().size(); ++count) {
    specs.push_back({"+ " + pipeline.uses()[count - 1].text(), joined(start, std::span(pipeline.uses()).first(count))});
  }
  return specs;
}

std::vector<VariantSpec> single_variants(const Pipeline& start, const Pipeline& pipeline) {
  std::vector<VariantSpec> specs = {baseline_variant(start)};
  for (const PassUse& use : pipeline.uses()) {
    specs.push_back({use.text(), joined(start, std::span(&use, 1))});
  }
  return specs;
}

} // namespace tsir
