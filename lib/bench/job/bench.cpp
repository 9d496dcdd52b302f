#include "lib/bench/job/bench.h"

#include "lib/base/error.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/variants/check.h"
#include "lib/bench/variants/rival.h"
#include "lib/bench/variants/train.h"

#include <cmath>

namespace tsir {
namespace {

// Records the durations of all runs of each pass, by the text of the pipeline up to that pass.
class PassClock {
public:
  void add(const VariantSpec& spec, const std::vector<PassOutcome>& passes) {
    for (size_t i = 0; i < passes.size(); ++i) {
      seconds_[spec.origin + ":" + spec.pipeline.text(i + 1)].push_back(passes[i].seconds);
    }
  }
  PassTime last_of(const VariantSpec& spec) const {
    const auto found = seconds_.find(spec.origin + ":" + spec.pipeline.text());
    if (spec.pipeline.empty() || found == seconds_.end()) {
      return {};
    }
    return {spec.pipeline.uses().back().text(), median(found->second)};
  }

private:
  std::map<std::string, std::vector<double>> seconds_;
};

// Two variants that are compared; if one is identical to another, it is the variant itself.
using Pair = std::pair<size_t, size_t>;

// The questions that a group's measurement answers.
std::vector<std::pair<Pair, Question>> questions_of(const std::vector<Pair>& pairs, const std::vector<size_t>& variants,
                                                    const Measurement& measurement) {
  std::vector<std::pair<Pair, Question>> questions;
  for (const Pair& pair : pairs) {
    const auto one = std::ranges::find(variants, pair.first);
    const auto other = std::ranges::find(variants, pair.second);
    if (one == variants.end() || other == variants.end()) {
      continue;
    }
    auto effects = effects_of(measurement, static_cast<size_t>(one - variants.begin()),
                              static_cast<size_t>(other - variants.begin()));
    if (effects) {
      questions.push_back({pair, {std::move(*effects), measurement.plan.looks.size()}});
    }
  }
  return questions;
}

// The coarsest resolution of the open decisions; 0 if none has an interval.
double widest_open(const std::vector<Decision>& decisions) {
  double widest = 0;
  for (const Decision& decision : decisions) {
    const bool counts = !settled(decision.outcome) && std::isfinite(decision.resolution);
    widest = std::max(widest, counts ? decision.resolution : 0);
  }
  return widest;
}

class Bench {
public:
  Bench(const BenchTarget& target, const std::vector<VariantSpec>& specs, const BenchSettings& settings, Clock& clock,
        const Hooks& hooks)
      : target_(target), specs_(specs), settings_(settings), clock_(clock), hooks_(hooks), start_(clock.now()) {}

  BenchOutcome run();

private:
  void check();
  std::vector<std::vector<size_t>> group_variants() const;
  std::vector<Variant> make_copies(const VariantSpec& spec);
  Group measure_group(const std::vector<size_t>& variants, size_t groups_left);
  std::vector<Decision> decisions_of(const std::vector<size_t>& variants, const Measurement& measurement) const;
  void list_contrasts();
  void add_contrast(size_t variant, size_t reference);
  Pair timed_pair(const Contrast& contrast) const;
  void decide_contrasts();
  void decide_control(Group& group) const;
  void take_failures(const Group& group);
  void take_training();
  double elapsed() const { return static_cast<double>(clock_.now() - start_) * 1e-9; }

  const BenchTarget& target_;
  const std::vector<VariantSpec>& specs_;
  const BenchSettings& settings_;
  Clock& clock_;
  const Hooks& hooks_;
  int64_t start_;
  PassClock pass_clock_;
  std::vector<Pair> pairs_; // all comparisons
  BenchOutcome result_;
};

BenchOutcome Bench::run() {
  check();
  list_contrasts();
  result_.family = pairs_.size();
  const auto groups = group_variants();
  for (size_t i = 0; i < groups.size() && !result_.interrupted; ++i) {
    result_.groups.push_back(measure_group(groups[i], groups.size() - i));
    take_failures(result_.groups.back());
    result_.interrupted = result_.groups.back().measurement.interrupted;
  }
  decide_contrasts();
  for (const VariantSpec& spec : specs_) {
    result_.pass_times.push_back(pass_clock_.last_of(spec));
  }
  take_training();
  result_.seconds = elapsed();
  return std::move(result_);
}

void Bench::check() {
  Checks checks = check_variants(target_, specs_, settings_.check, hooks_);
  result_.notes = std::move(checks.notes);
  result_.variants = std::move(checks.variants);
  result_.interrupted = hooks_.stop && hooks_.stop();
  for (size_t i = 0; i < specs_.size(); ++i) {
    const VariantOutcome& variant = result_.variants[i];
    pass_clock_.add(specs_[i], variant.pass_runs);
    if (variant.state == VariantState::refused && !settings_.each && !target_.training) {
      throw Error(ErrorKind::usage, fmt::format("{} {}", variant.passes, variant.detail));
    }
  }
}

// The baseline is in every group. Neighbouring groups share a variant, so that each variant is timed beside the one
// before it.
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
      if (!settings_.each && !specs_[timed[i]].rival) {
        groups.back().push_back(timed[i - 1]);
      }
    }
    groups.back().push_back(timed[i]);
  }
  return groups;
}

// The decisions so far on the comparisons within the group.
std::vector<Decision> Bench::decisions_of(const std::vector<size_t>& variants, const Measurement& measurement) const {
  std::vector<Question> questions;
  for (auto& [pair, question] : questions_of(pairs_, variants, measurement)) {
    questions.push_back(std::move(question));
  }
  return decide(questions, settings_.rule, pairs_.size());
}

// One variant for all callers, or one for each client.
std::vector<Variant> Bench::make_copies(const VariantSpec& spec) {
  std::vector<Variant> copies;
  do {
    copies.push_back(make_variant(target_, spec));
    pass_clock_.add(spec, copies.back().passes);
  } while (target_.client_copies && copies.size() < target_.clients);
  return copies;
}

Group Bench::measure_group(const std::vector<size_t>& variants, size_t groups_left) {
  std::vector<ArmSource> sources;
  const auto add = [&](const std::string& name, const VariantSpec& spec) {
    sources.push_back({name, [this, &spec] {
                         if (spec.rival) {
                           return make_rival_arm(*spec.rival, hooks_.stop);
                         }
                         return make_arm(target_, make_copies(spec));
                       }});
  };
  for (const size_t index : variants) {
    add(specs_[index].name, specs_[index]);
  }
  const bool control = settings_.control && variants.size() > 1;
  if (control) {
    add("control", specs_[0]);
  }
  ProtocolSettings protocol = settings_.protocol;
  const double left = protocol.max_seconds - elapsed();
  protocol.max_seconds = std::max(left, 0.2 * protocol.max_seconds) / static_cast<double>(groups_left);

  Group group{variants, {}, std::nullopt};
  Hooks hooks = hooks_;
  hooks.before_round = return_freed_memory;
  hooks.enough = [&](const Measurement& measurement) {
    return measurement.rounds.size() >= settings_.least_rounds &&
           std::ranges::all_of(decisions_of(variants, measurement),
                               [](const Decision& decision) { return settled(decision.outcome); });
  };
  std::optional<Resolution> resolution;
  if (hooks_.progress) {
    hooks.round_done = [&](const Measurement& measurement) {
      const double widest = widest_open(decisions_of(variants, measurement));
      if (widest > 0) {
        resolution = {resolution ? resolution->first : widest, widest};
      }
    };
    hooks.progress = [&](Progress progress) {
      progress.resolution = resolution;
      hooks_.progress(progress);
    };
  }
  group.measurement = measure(sources, protocol, clock_, hooks);
  if (control) {
    decide_control(group);
  }
  return group;
}

// A variant that passed its checks may still throw in a later call.
void Bench::take_failures(const Group& group) {
  for (size_t arm = 0; arm < group.variants.size(); ++arm) {
    const std::string& failure = group.measurement.failures[arm];
    VariantOutcome& variant = result_.variants[group.variants[arm]];
    if (!failure.empty()) {
      variant.state = VariantState::run_failed;
      variant.detail = failure;
    }
  }
}

// If training steps are timed, collects the record of each variant.
void Bench::take_training() {
  if (!target_.training) {
    return;
  }
  TrainingOutcome& training = result_.training.emplace();
  training.settings = target_.training->settings();
  for (size_t i = 0; i < specs_.size(); ++i) {
    const TrainRecord* record =
        specs_[i].rival ? nullptr : target_.training->record(specs_[i].origin, result_.variants[i].pass_runs);
    training.records.push_back(record == nullptr ? TrainRecord() : *record);
  }
}

// Lists all comparisons before it is known what can be timed: the level of each verdict depends on their number.
void Bench::list_contrasts() {
  for (size_t i = 1; i < specs_.size(); ++i) {
    if (!settings_.each && i > 1 && !specs_[i].rival) {
      add_contrast(i, i - 1);
    }
    add_contrast(i, 0);
  }
}

Pair Bench::timed_pair(const Contrast& contrast) const {
  return settings_.force ? Pair{contrast.variant, contrast.reference}
                         : Pair{result_.timed_as(contrast.variant), result_.timed_as(contrast.reference)};
}

void Bench::add_contrast(size_t variant, size_t reference) {
  Contrast contrast{variant, reference, false, std::nullopt, 0};
  const Pair pair = timed_pair(contrast);
  contrast.identical = pair.first == pair.second;
  const auto good = [&](size_t i) { return has_times(result_.variants[i].state); };
  if (!contrast.identical && good(pair.first) && good(pair.second) && std::ranges::find(pairs_, pair) == pairs_.end()) {
    pairs_.push_back(pair);
  }
  result_.contrasts.push_back(std::move(contrast));
}

void Bench::decide_control(Group& group) const {
  const auto effects = effects_of(group.measurement, group.variants.size(), 0);
  if (effects) {
    group.control = decide({{*effects, group.measurement.plan.looks.size()}}, settings_.rule).front();
  }
}

void Bench::decide_contrasts() {
  std::vector<Question> questions;
  std::map<Pair, size_t> asked; // the index of a pair's question
  std::vector<double> round_seconds;
  for (const Group& group : result_.groups) {
    for (const auto& [pair, question] : questions_of(pairs_, group.variants, group.measurement)) {
      if (asked.emplace(pair, questions.size()).second) {
        questions.push_back(question);
        round_seconds.push_back(group.measurement.plan.round_seconds);
      }
    }
  }
  const std::vector<Decision> decisions = decide(questions, settings_.rule, pairs_.size());
  for (Contrast& contrast : result_.contrasts) {
    const auto found = asked.find(timed_pair(contrast));
    if (!contrast.identical && found != asked.end()) {
      contrast.decision = decisions[found->second];
      const auto& needed = contrast.decision->rounds_needed;
      contrast.more_seconds =
          needed ? static_cast<double>(*needed - contrast.decision->ratio.rounds) * round_seconds[found->second] : 0;
    }
  }
}

VariantSpec baseline_variant(const Pipeline& start) {
  return {start.empty() ? "baseline" : fmt::format("baseline ({})", start.text()), start};
}

} // namespace

BenchOutcome run_bench(const BenchTarget& target, const std::vector<VariantSpec>& specs, const BenchSettings& settings,
                       Clock& clock, const Hooks& hooks) {
  return Bench(target, specs, settings, clock, hooks).run();
}

std::vector<VariantSpec> prefix_variants(const Pipeline& start, const Pipeline& pipeline) {
  std::vector<VariantSpec> specs = {baseline_variant(start)};
  for (size_t count = 1; count <= pipeline.uses().size(); ++count) {
    specs.push_back(
        {"+ " + pipeline.uses()[count - 1].text(), start.followed_by(std::span(pipeline.uses()).first(count))});
  }
  return specs;
}

std::vector<VariantSpec> single_variants(const Pipeline& start, const Pipeline& pipeline) {
  std::vector<VariantSpec> specs = {baseline_variant(start)};
  for (const PassUse& use : pipeline.uses()) {
    specs.push_back({use.text(), start.followed_by(std::span(&use, 1))});
  }
  return specs;
}

} // namespace tsir
