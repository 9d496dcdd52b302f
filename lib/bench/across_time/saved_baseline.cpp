#include "lib/bench/across_time/saved_baseline.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <numeric>

namespace tsir {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> logarithms(const std::vector<double>& values) {
  std::vector<double> logs;
  std::ranges::transform(values, std::back_inserter(logs), [](double value) { return std::log(value); });
  return logs;
}

// The difference of two means, its standard error and degrees of freedom.
struct Welch {
  double difference;
  double error;
  double freedom;
};

std::optional<Welch> welch(std::span<const double> now, std::span<const double> then) {
  if (now.size() < 2 || then.size() < 2) {
    return std::nullopt;
  }
  const double count_now = static_cast<double>(now.size());
  const double count_then = static_cast<double>(then.size());
  const double square_now = std::pow(standard_deviation(now), 2) / count_now;
  const double square_then = std::pow(standard_deviation(then), 2) / count_then;
  const double square = square_now + square_then;
  const double parts = square_now * square_now / (count_now - 1) + square_then * square_then / (count_then - 1);
  return Welch{mean(now) - mean(then), std::sqrt(square), parts > 0 ? square * square / parts : 1};
}

// The p-value for the difference to be beyond the band; 1 if the estimate is inside.
double p_beyond_band(const std::optional<Welch>& test, double band) {
  const double beyond = test ? std::abs(test->difference) - band : 0;
  if (beyond <= 0) {
    return 1;
  }
  if (test->error <= 0) {
    return 0;
  }
  const boost::math::students_t distribution(test->freedom);
  return 2 * boost::math::cdf(boost::math::complement(distribution, beyond / test->error));
}

Decision decide(const std::vector<double>& now, const std::vector<double>& then, double level, double band) {
  const Interval interval = welch_interval(now, then, level);
  Decision decision;
  decision.ratio.ratio = std::exp(interval.estimate);
  decision.ratio.low = std::exp(interval.low);
  decision.ratio.high = std::exp(interval.high);
  decision.ratio.level = interval.level;
  decision.ratio.asked = level;
  decision.ratio.rounds = now.size();
  decision.outcome = outcome_of(decision.ratio, band);
  decision.resolution = (interval.high - interval.low) / 2;
  return decision;
}

std::vector<double> arm_round_medians(const Measurement& measurement, size_t arm) {
  std::vector<double> medians;
  for (const Round& round : measurement.rounds) {
    std::vector<double> blocks;
    for (const Block& block : round.blocks) {
      if (const double value = block.value(arm); std::isfinite(value) && value > 0) {
        blocks.push_back(value);
      }
    }
    const bool replanned = std::ranges::find(round.replanned, arm) != round.replanned.end();
    if (!blocks.empty() && !replanned) {
      medians.push_back(median(blocks));
    }
  }
  return medians;
}

} // namespace

std::vector<double> round_medians(const BenchOutcome& result, size_t variant) {
  const auto timed = result.timed_arm(variant);
  return timed ? arm_round_medians(timed->group->measurement, timed->arm) : std::vector<double>();
}

SavedBaseline make_baseline(const BenchOutcome& result) {
  SavedBaseline baseline;
  baseline.date = result.context.environment.date;
  baseline.model = std::filesystem::path(result.context.file).filename().string();
  baseline.sha1 = result.context.sha1;
  baseline.conditions = result.context.conditions;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const VariantOutcome& variant = result.variants[i];
    std::vector<double> medians = round_medians(result, i);
    if (!medians.empty() && has_times(variant.state)) {
      baseline.variants.push_back({variant.name, variant.passes, variant.origin, std::move(medians)});
    }
  }
  return baseline;
}

std::optional<size_t> saved_variant(const SavedBaseline& baseline, const std::string& passes,
                                    const std::string& origin) {
  const auto found = std::ranges::find_if(baseline.variants, [&](const SavedVariant& saved) {
    return saved.passes == passes && saved.origin.empty() == origin.empty();
  });
  return found == baseline.variants.end() ? std::nullopt
                                          : std::optional(static_cast<size_t>(found - baseline.variants.begin()));
}

std::string different_conditions(const SavedBaseline& then, const std::vector<Condition>& now) {
  std::vector<std::string> parts;
  for (const Condition& condition : now) {
    const std::string value = value_of(then.conditions, condition.name);
    if (value != condition.value) {
      const auto shown = [](const std::string& text) { return text.empty() ? std::string("unknown") : text; };
      parts.push_back(fmt::format("{}: {} then, {} now", condition.name, shown(value), shown(condition.value)));
    }
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

Interval welch_interval(std::span<const double> now, std::span<const double> then, double level) {
  const std::optional<Welch> test = welch(now, then);
  if (!test) {
    return {mean(now) - mean(then), -infinity, infinity, level};
  }
  const boost::math::students_t distribution(test->freedom);
  const double half = boost::math::quantile(boost::math::complement(distribution, (1 - level) / 2)) * test->error;
  return {test->difference, test->difference - half, test->difference + half, level};
}

AcrossTimes compare_across_time(const SavedBaseline& then, const BenchOutcome& now, const DecisionRule& rule) {
  AcrossTimes compared;
  compared.then = then;
  std::vector<std::pair<std::vector<double>, std::vector<double>>> logs; // now, then
  std::vector<double> p;
  const double band = std::log1p(rule.band);
  for (size_t i = 0; i < now.variants.size(); ++i) {
    const VariantOutcome& variant = now.variants[i];
    const std::vector<double> medians = round_medians(now, i);
    if (medians.empty() || variant.state != VariantState::good) { // an identical variant has the times of another one
      continue;
    }
    const auto found = saved_variant(then, variant.passes, variant.origin);
    if (!found) {
      compared.unmatched.push_back(variant.name);
      continue;
    }
    compared.pairs.push_back({.variant = i,
                              .saved = *found,
                              .rounds_now = medians.size(),
                              .median_now = median(medians),
                              .median_then = median(then.variants[*found].median_ns),
                              .decision = {}});
    logs.emplace_back(logarithms(medians), logarithms(then.variants[*found].median_ns));
    p.push_back(p_beyond_band(welch(logs.back().first, logs.back().second), band));
  }
  // Holm, as for the verdicts within a run.
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return p[i]; });
  size_t left = p.size();
  for (const size_t i : order) {
    Decision& decision = compared.pairs[i].decision;
    decision = decide(logs[i].first, logs[i].second, 1 - rule.alpha / static_cast<double>(left), band);
    left -= changed(decision.outcome) && left > 1 ? 1 : 0;
  }
  return compared;
}

} // namespace tsir
