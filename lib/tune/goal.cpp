#include "lib/tune/goal.h"

#include "lib/base/units.h"
#include "lib/serve/serve.h"

namespace tsir {
namespace {

constexpr size_t calls_of_p99 = 100;
constexpr size_t first_calls = 3; // the profiling executor compiles in the second

constexpr Goal goals[] = {Goal::latency, Goal::p99, Goal::throughput, Goal::first_call, Goal::memory};

// An arm whose figure is computed for each sample.
Arm arm_of_figures(const std::function<double()>& figure) {
  Arm arm;
  arm.call = [figure] { figure(); };
  arm.take_samples = [figure](std::span<double> samples, size_t) {
    for (double& sample : samples) {
      sample = figure();
    }
  };
  arm.usage = [] { return std::optional<Usage>(); };
  return arm;
}

double slowest_of_most(RivalProcess& process) {
  std::vector<double> times(calls_of_p99);
  process.run(times, 1);
  std::ranges::sort(times);
  return times[calls_of_p99 - 2]; // 99 of 100 calls take less, or as long
}

ServedUnit fresh_unit(const Rival& rival, const std::function<bool()>& stop) {
  RivalProcess process(rival, stop);
  process.prepare();
  for (size_t call = 0; call < first_calls; ++call) {
    double ignored = 0;
    process.run({&ignored, 1}, 1);
  }
  return served_unit_of(process.describe());
}

} // namespace

std::string_view to_string(Goal goal) {
  switch (goal) {
  case Goal::latency:
    return "latency";
  case Goal::p99:
    return "p99";
  case Goal::throughput:
    return "throughput";
  case Goal::first_call:
    return "first-call";
  case Goal::memory:
    return "memory";
  }
  return "?";
}

Goal parse_goal(const std::string& name) {
  const auto* found = std::ranges::find(goals, name, [](Goal goal) { return to_string(goal); });
  if (found == std::end(goals)) {
    throw Error(ErrorKind::usage,
                fmt::format("no goal \"{}\": use latency, p99, throughput, first-call or memory", name));
  }
  return *found;
}

Arm arm_for(Goal goal, const Rival& rival, const std::function<bool()>& stop) {
  if (goal == Goal::first_call || goal == Goal::memory) {
    return arm_of_figures([rival, stop, goal] {
      const ServedUnit unit = fresh_unit(rival, stop);
      return goal == Goal::memory ? static_cast<double>(unit.peak_bytes)
                                  : (unit.open_seconds + unit.first_call_seconds) * ns_per_second;
    });
  }
  if (goal == Goal::p99) {
    const auto process = std::make_shared<RivalProcess>(rival, stop);
    process->prepare();
    return arm_of_figures([process] { return slowest_of_most(*process); });
  }
  return make_rival_arm(rival, stop);
}

ProtocolSettings protocol_for(Goal goal) {
  ProtocolSettings settings;
  if (goal == Goal::first_call || goal == Goal::memory) {
    settings.warmup.min_calls = 1;
    settings.warmup.max_calls = 1;
    settings.warmup.min_seconds = 0;
  }
  return settings;
}

double per_call(Goal goal, double figure, size_t calls) {
  return goal == Goal::first_call || goal == Goal::memory ? figure : figure / static_cast<double>(calls);
}

std::string figure_text(Goal goal, double figure) {
  return goal == Goal::memory ? human_bytes(static_cast<uint64_t>(figure)) : human_seconds(figure * 1e-9);
}

} // namespace tsir
