#include "lib/bench/report/report_json_parts.h"

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// A warm-up of very short calls has thousands of them; the first ones show the curve.
std::vector<double> first_of(const std::vector<double>& call_ns) {
  constexpr size_t most = 200;
  return {call_ns.begin(), call_ns.begin() + static_cast<std::ptrdiff_t>(std::min(most, call_ns.size()))};
}

// A variant's number, or "control".
Json arm_json(const Group& group, size_t arm) {
  return arm < group.variants.size() ? Json(group.variants[arm]) : Json("control");
}

Json slot_json(const Group& group, const Slot& slot) {
  std::vector<int64_t> samples;
  for (const double sample : slot.sample_ns) {
    samples.push_back(std::llround(sample));
  }
  const auto usage = [&](auto number) { return slot.usage ? Json(number(*slot.usage)) : Json(); };
  return {{"variant", arm_json(group, slot.arm)},
          {"start_ns", slot.start - group.measurement.start},
          {"wall_ns", slot.wall_ns},
          {"cpu_ns", usage([](const Usage& used) { return used.cpu_ns; })},
          {"involuntary_switches", usage([](const Usage& used) { return used.involuntary_switches; })},
          {"page_faults", usage([](const Usage& used) { return used.page_faults; })},
          {"sample_ns", samples}};
}

Json round_json(const Group& group, size_t index, const Round& round) {
  const auto as_variants = [&](const std::vector<size_t>& arms) {
    Json list = Json::array();
    for (const size_t arm : arms) {
      list.push_back(arm_json(group, arm));
    }
    return list;
  };
  Json warmups = Json::array();
  for (size_t arm = 0; arm < round.warmups.size(); ++arm) {
    const Warmup& warmup = round.warmups[arm];
    warmups.push_back({{"variant", arm_json(group, arm)},
                       {"make_seconds", round.make_seconds[arm]},
                       {"settled", warmup.settled},
                       {"seconds", warmup.seconds},
                       {"calls", warmup.call_ns.size()},
                       {"call_ns", first_of(warmup.call_ns)}});
  }
  Json blocks = Json::array();
  for (const Block& block : round.blocks) {
    Json order = Json::array();
    Json slots = Json::array();
    for (const Slot& slot : block.slots) {
      order.push_back(arm_json(group, slot.arm));
      slots.push_back(slot_json(group, slot));
    }
    blocks.push_back({{"order", order}, {"slots", slots}});
  }
  return {{"group", index},
          {"creation_order", as_variants(round.creation_order)},
          {"replanned", as_variants(round.replanned)},
          {"warmup", warmups},
          {"blocks", blocks}};
}

} // namespace

Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json verdict_json(const Decision& decision) {
  return {{"verdict", to_string(decision.outcome)},
          {"ratio", decision.ratio.ratio},
          {"low", finite(decision.ratio.low)},
          {"high", finite(decision.ratio.high)},
          {"level", decision.ratio.level}};
}

Json environment_json(const Environment& environment) {
  return {{"cpu_model", environment.cpu_model},
          {"cpus", environment.num_cpus},
          {"cpu_capability", environment.capability},
          {"cpu_quota", environment.cpu_quota},
          {"governor", environment.governor},
          {"kernel", environment.kernel},
          {"load_average", environment.load_average},
          {"address_randomization", environment.address_randomization},
          {"clock_cost_ns", environment.clock_cost_ns},
          {"libtorch", environment.libtorch},
          {"threads", environment.threads},
          {"interop_threads", environment.interop_threads}};
}

Json plans_json(const BenchOutcome& result) {
  Json list = Json::array();
  for (const Group& group : result.groups) {
    const Plan& plan = group.measurement.plan;
    list.push_back({{"variants", group.variants},
                    {"rounds", plan.rounds},
                    {"looks", plan.looks},
                    {"rounds_done", group.measurement.rounds.size()},
                    {"enough", group.measurement.enough},
                    {"blocks", plan.blocks},
                    {"samples_per_slot", plan.slot.samples},
                    {"calls_per_sample", plan.slot.calls_per_sample},
                    {"washout", plan.slot.washout},
                    {"out_of_time", group.measurement.out_of_time},
                    {"seconds", group.measurement.seconds}});
  }
  return list;
}

Json rounds_json(const BenchOutcome& result) {
  Json list = Json::array();
  for (size_t index = 0; index < result.groups.size(); ++index) {
    for (const Round& round : result.groups[index].measurement.rounds) {
      list.push_back(round_json(result.groups[index], index, round));
    }
  }
  return list;
}

} // namespace tsir
