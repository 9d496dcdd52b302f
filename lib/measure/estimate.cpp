#include "lib/measure/estimate.h"

#include <algorithm>
#include <cmath>

namespace tsir {
namespace {

bool replanned(const Round& round, size_t arm) {
  return std::find(round.replanned.begin(), round.replanned.end(), arm) != round.replanned.end();
}

// The logarithms of the ratios, block by block.
std::vector<double> log_ratios(const Round& round, size_t arm, size_t reference) {
  std::vector<double> ratios;
  for (const Block& block : round.blocks) {
    const double ratio = block.value(arm) / block.value(reference);
    if (std::isfinite(ratio) && ratio > 0) { // a block without one of the arms gives infinity or no number
      ratios.push_back(std::log(ratio));
    }
  }
  return ratios;
}

// A round cut short after a block or two would count as much as a whole one: left out where there are longer ones.
size_t enough_blocks(const Measurement& measurement) {
  size_t longest = 0;
  for (const Round& round : measurement.rounds) {
    longest = std::max(longest, round.blocks.size());
  }
  return std::min<size_t>(longest, 3);
}

double cpu_per_call(const Measurement& measurement, size_t arm) {
  double cpu = 0;
  size_t calls = 0;
  for (const Round& round : measurement.rounds) {
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm) {
          cpu += static_cast<double>(slot.usage.cpu_ns);
          calls += slot.own.made > 0 ? slot.own.made : measurement.plan.slot.calls();
        }
      }
    }
  }
  return cpu / static_cast<double>(calls);
}

} // namespace

std::vector<double> round_samples(const Round& round, size_t arm) {
  std::vector<double> samples;
  for (const Block& block : round.blocks) {
    for (const Slot& slot : block.slots) {
      if (slot.arm == arm) {
        samples.insert(samples.end(), slot.sample_ns.begin(), slot.sample_ns.end());
      }
    }
  }
  return samples;
}

std::optional<Summary> summarize(const Measurement& measurement, size_t arm) {
  Summary summary;
  std::vector<double> all;
  for (const Round& round : measurement.rounds) {
    const std::vector<double> samples = round_samples(round, arm);
    if (!samples.empty() && !replanned(round, arm)) {
      summary.round_medians.push_back(median(samples));
      all.insert(all.end(), samples.begin(), samples.end());
    }
  }
  if (all.empty() || !measurement.failures[arm].empty()) {
    return std::nullopt;
  }
  summary.median = median(all);
  summary.mean = mean(all);
  summary.minimum = *std::min_element(all.begin(), all.end());
  summary.maximum = *std::max_element(all.begin(), all.end());
  summary.p90 = percentile(all, 0.90);
  summary.p99 = percentile(all, 0.99);
  summary.p999 = percentile(all, 0.999);
  summary.samples = all.size();
  summary.cpu = cpu_per_call(measurement, arm);
  summary.calls = all.size() * measurement.plan.slot.calls_per_sample;
  return summary;
}

std::string_view to_string(IntervalMethod method) {
  return method == IntervalMethod::rounds_t ? "t-over-rounds" : "wilcoxon-over-blocks";
}

std::optional<Effects> effects_of(const Measurement& measurement, size_t arm, size_t reference) {
  if (!measurement.failures[arm].empty() || !measurement.failures[reference].empty()) {
    return std::nullopt;
  }
  Effects effects;
  const size_t enough = enough_blocks(measurement);
  for (const Round& round : measurement.rounds) {
    std::vector<double> blocks = log_ratios(round, arm, reference);
    if (blocks.empty() || blocks.size() < enough || replanned(round, arm) || replanned(round, reference)) {
      continue;
    }
    effects.rounds.push_back(hodges_lehmann(blocks));
    effects.blocks += blocks.size();
    effects.last_blocks = std::move(blocks);
  }
  return effects.rounds.empty() ? std::nullopt : std::optional(std::move(effects));
}

Ratio ratio_of(const Effects& effects, double level) {
  Ratio result;
  result.rounds = effects.rounds.size();
  result.blocks = effects.blocks;
  std::ranges::transform(effects.rounds, std::back_inserter(result.round_ratios),
                         [](double effect) { return std::exp(effect); });
  result.method = result.rounds > 1 ? IntervalMethod::rounds_t : IntervalMethod::blocks_wilcoxon;
  const Interval interval =
      result.rounds > 1 ? t_interval(effects.rounds, level) : wilcoxon_interval(effects.last_blocks, level);
  result.ratio = std::exp(interval.estimate);
  result.low = std::exp(interval.low);
  result.high = std::exp(interval.high);
  result.level = interval.level;
  result.asked = level;
  return result;
}

} // namespace tsir
