#include "lib/bench/estimate/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tsir {
namespace {

// Adds the logarithms of the ratios of each slot of the arm to each slot of the reference in the block.
void add_slot_ratios(const Block& block, size_t arm, size_t reference, std::vector<double>& ratios) {
  for (const Slot& slot : block.slots) {
    for (const Slot& other : block.slots) {
      const double ratio = slot.median_ns / other.median_ns;
      if (slot.arm == arm && other.arm == reference && std::isfinite(ratio) && ratio > 0) {
        ratios.push_back(std::log(ratio));
      }
    }
  }
}

// The effect of each block that has both arms.
std::vector<double> block_effects(const Round& round, size_t arm, size_t reference) {
  std::vector<double> effects;
  for (const Block& block : round.blocks) {
    std::vector<double> ratios;
    add_slot_ratios(block, arm, reference, ratios);
    if (!ratios.empty()) {
      effects.push_back(median(ratios));
    }
  }
  return effects;
}

// The effect in every `step`th block, from block `first` on: the median of the ratios of all slots within a block. On
// real models it scatters less than estimates that first take the smaller slot or the mean of an arm in a block, and
// unlike those that first subtract a block's median it has no bias towards 1 (docs/benchmarking.md).
double effect_in(const Round& round, size_t arm, size_t reference, size_t first = 0, size_t step = 1) {
  std::vector<double> ratios;
  for (size_t i = first; i < round.blocks.size(); i += step) {
    add_slot_ratios(round.blocks[i], arm, reference, ratios);
  }
  return median(ratios);
}

// The number of blocks that a round needs to count. A round that ended after one or two blocks would weigh as much as a
// complete one, so it is left out if there are longer ones.
size_t enough_blocks(const Measurement& measurement) {
  size_t longest = 0;
  for (const Round& round : measurement.rounds) {
    longest = std::max(longest, round.blocks.size());
  }
  return std::min<size_t>(longest, 3);
}

// Adds medians over the arm's slots, per call.
void add_host_times(const Measurement& measurement, size_t arm, Summary& summary) {
  std::vector<double> host;
  std::vector<double> enqueue;
  const double calls = static_cast<double>(measurement.plan.slot.calls());
  for (const Round& round : measurement.rounds) {
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm && slot.own.enqueue_ns > 0) {
          host.push_back(static_cast<double>(slot.wall_ns) / calls);
          enqueue.push_back(static_cast<double>(slot.own.enqueue_ns) / calls);
        }
      }
    }
  }
  if (!host.empty()) {
    summary.host = median(host);
    summary.enqueue = median(enqueue);
  }
}

// NaN if one of the slots has no usage.
double cpu_per_call(const Measurement& measurement, size_t arm) {
  double cpu = 0;
  size_t calls = 0;
  for (const Round& round : measurement.rounds) {
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm) {
          cpu += slot.usage ? static_cast<double>(slot.usage->cpu_ns) : std::numeric_limits<double>::quiet_NaN();
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
    if (!samples.empty() && round.counts(arm)) {
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
  add_host_times(measurement, arm, summary);
  summary.calls = all.size() * measurement.plan.slot.calls_per_sample;
  return summary;
}

std::vector<double> client_latencies(const Measurement& measurement, size_t arm) {
  std::vector<double> all;
  for (const Round& round : measurement.rounds) {
    if (!round.counts(arm)) {
      continue;
    }
    for (const Block& block : round.blocks) {
      for (const Slot& slot : block.slots) {
        if (slot.arm == arm) {
          all.insert(all.end(), slot.own.latency_ns.begin(), slot.own.latency_ns.end());
        }
      }
    }
  }
  return all;
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
    std::vector<double> blocks = block_effects(round, arm, reference);
    if (blocks.empty() || blocks.size() < enough || !round.counts(arm) || !round.counts(reference)) {
      continue;
    }
    effects.rounds.push_back(effect_in(round, arm, reference));
    if (blocks.size() == round.blocks.size() && blocks.size() >= 4) {
      effects.halves.push_back((effect_in(round, arm, reference, 0, 2) - effect_in(round, arm, reference, 1, 2)) / 2);
    }
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
