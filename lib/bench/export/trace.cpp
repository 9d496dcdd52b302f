#include "lib/bench/export/trace.h"

#include "lib/bench/export/operator_events.h"
#include "lib/bench/export/rows.h"

#include <set>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr double ns_per_us = 1e3;
constexpr double us_per_second = 1e6;
constexpr int slot_track = 1;
constexpr int warmup_track = 2;
constexpr int operator_track = 3;
// Very short calls have thousands of warm-up calls; the first ones show the curve.
constexpr size_t most_warmup_calls = 50;

class Trace {
public:
  Trace(const BenchOutcome& result) : result_(result), names_(row_names(result)) { names_.emplace_back("control"); }
  Json json();

private:
  size_t process(const Group& group, size_t arm);
  void add_meta(size_t pid, const char* name, const Json& args, int tid = 0);
  void add_round(const Group& group, size_t index, size_t number);
  void add_slot(const Group& group, const Slot& slot, const Json& place, bool counts);
  void add_warmups(const Group& group, const Round& round, size_t number);
  void add_warmup(size_t pid, const Warmup& warmup, size_t number);
  void add_operators();
  double us(int64_t time) const {
    return static_cast<double>(time - result_.groups.front().measurement.start) / ns_per_us;
  }

  const BenchOutcome& result_;
  std::vector<std::string> names_; // by variant; the control after them
  std::set<size_t> processes_;     // whose names have been written
  Json events_ = Json::array();
};

void Trace::add_meta(size_t pid, const char* name, const Json& args, int tid) {
  events_.push_back({{"ph", "M"}, {"name", name}, {"pid", pid}, {"tid", tid}, {"args", args}});
}

// The number of the arm's process: variants from 1 (0 is the idle process to Perfetto), then the control.
size_t Trace::process(const Group& group, size_t arm) {
  const size_t index = arm < group.variants.size() ? group.variants[arm] : names_.size() - 1;
  const size_t pid = index + 1;
  if (processes_.insert(pid).second) {
    add_meta(pid, "process_name", {{"name", names_[index]}});
    add_meta(pid, "process_sort_index", {{"sort_index", index}});
    add_meta(pid, "thread_name", {{"name", "timed slots"}}, slot_track);
    add_meta(pid, "thread_name", {{"name", "warm-up"}}, warmup_track);
  }
  return pid;
}

void Trace::add_slot(const Group& group, const Slot& slot, const Json& place, bool counts) {
  const size_t pid = process(group, slot.arm);
  Json args = place;
  args.update(
      {{"calls", group.measurement.plan.slot.calls()}, {"median_us", slot.median_ns / ns_per_us}, {"counted", counts}});
  if (slot.usage) {
    args.update({{"cpu_us", static_cast<double>(slot.usage->cpu_ns) / ns_per_us},
                 {"involuntary_switches", slot.usage->involuntary_switches},
                 {"page_faults", slot.usage->page_faults}});
  }
  events_.push_back({{"ph", "X"},
                     {"name", "slot"},
                     {"cat", "timed"},
                     {"ts", us(slot.start)},
                     {"dur", static_cast<double>(slot.wall_ns) / ns_per_us},
                     {"pid", pid},
                     {"tid", slot_track},
                     {"args", args}});
  if (slot.usage) {
    events_.push_back({{"ph", "C"},
                       {"name", "involuntary switches"},
                       {"ts", us(slot.start)},
                       {"pid", pid},
                       {"tid", slot_track},
                       {"args", {{"switches", slot.usage->involuntary_switches}}}});
  }
}

void Trace::add_warmup(size_t pid, const Warmup& warmup, size_t number) {
  const auto add = [&](const std::string& name, double at, double duration, const Json& args) {
    events_.push_back({{"ph", "X"},
                       {"name", name},
                       {"cat", "warmup"},
                       {"ts", at},
                       {"dur", duration},
                       {"pid", pid},
                       {"tid", warmup_track},
                       {"args", args}});
  };
  const double start = us(warmup.start);
  add("warm-up", start, warmup.seconds * us_per_second,
      {{"round", number}, {"calls", warmup.call_ns.size()}, {"settled", warmup.settled}});
  const size_t shown = std::min(warmup.call_ns.size(), most_warmup_calls);
  double at = start;
  for (size_t call = 0; call < shown; ++call) {
    const double duration = warmup.call_ns[call] / ns_per_us;
    add("warm-up call", at, duration, {{"round", number}, {"call", call}});
    at += duration;
  }
}

void Trace::add_warmups(const Group& group, const Round& round, size_t number) {
  for (size_t arm = 0; arm < round.warmups.size(); ++arm) {
    const Warmup& warmup = round.warmups[arm];
    if (!warmup.call_ns.empty() && group.measurement.failures[arm].empty()) {
      add_warmup(process(group, arm), warmup, number);
    }
  }
}

void Trace::add_round(const Group& group, size_t index, size_t number) {
  const Round& round = group.measurement.rounds[index];
  add_warmups(group, round, number);
  for (size_t block = 0; block < round.blocks.size(); ++block) {
    for (const Slot& slot : round.blocks[block].slots) {
      if (group.measurement.failures[slot.arm].empty()) {
        add_slot(group, slot, {{"round", number}, {"block", block}}, round.counts(slot.arm));
      }
    }
  }
}

// Adds the operators of variants. Their processes are numbered as in `process`, and exist already because all were
// timed.
void Trace::add_operators() {
  if (!result_.operators) {
    return;
  }
  for (const VariantOperators& entry : result_.operators->variants) {
    if (entry.track.events.empty()) {
      continue;
    }
    const size_t pid = entry.variant + 1;
    add_meta(pid, "thread_name", {{"name", "operators of a call"}}, operator_track);
    for (Json& event : operator_events(entry.track, pid, operator_track, result_.groups.front().measurement.start)) {
      events_.push_back(std::move(event));
    }
  }
}

Json Trace::json() {
  size_t number = 0;
  for (const Group& group : result_.groups) {
    for (size_t index = 0; index < group.measurement.rounds.size(); ++index) {
      add_round(group, index, number++);
    }
  }
  add_operators();
  return {{"traceEvents", std::move(events_)}, {"displayTimeUnit", "ms"}};
}

} // namespace

Json chrome_trace(const BenchOutcome& result) {
  return Trace(result).json();
}

} // namespace tsir
