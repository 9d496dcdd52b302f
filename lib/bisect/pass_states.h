// Tests the states of a unit between the passes of a pipeline, each in its own process.
#pragma once

#include "lib/bench/job/bench.h"
#include "lib/bisect/bisect.h"
#include "lib/verify/sweep.h"
#include "lib/verify/target.h"

namespace tsir {

// LibTorch's PYTORCH_JIT_OPT_LIMIT limits the number of applications of the passes in one of its source files. This is
// the only file of LibTorch 2.13 that reads it.
constexpr std::string_view known_opt_limit = "tensorexpr_fuser";
struct OptLimit {
  std::string file; // without its extension; "" for no limit
  size_t count = 0;
};
std::string to_text(const OptLimit& limit); // "tensorexpr_fuser=3"

struct StateSettings {
  Workload workload;
  const Registry* registry = nullptr;
  Pipeline passes;                   // of the whole pipeline: they determine what the unit needs
  Purpose purpose = {.run = true};   // what else the unit is used for
  std::chrono::nanoseconds limit{0}; // for one state
  // To be called in the process that works on the state.
  VerifyTarget target() const { return make_target(workload, *registry, passes, purpose); }
  // Of the children that work on a state.
  SweepSettings sweep() const;
};

// The same functions for two places: those that take a start are called in the process that holds it, and share what
// is open and known there. The others open the file again in a child.

// Whether results after `pipeline` are those of the start, and how its last pass ended: one verdict.
PassVerdict judge_state(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit = {});
PassVerdict judge_state(const Pipeline& pipeline, const SweepStart& start);
// The graph after it, as text; empty if there is none.
std::string state_text(const Pipeline& pipeline, const StateSettings& settings, const OptLimit& limit = {});
struct StateTime {
  Outcome outcome;
  std::string what; // one line
};
void to_json(nlohmann::ordered_json& json, const StateTime& time);
void from_json(const nlohmann::ordered_json& json, StateTime& time);
// Times it against the start. Throws Error if it cannot be timed.
StateTime time_state(const Pipeline& pipeline, const StateSettings& settings, const BenchSettings& bench);
// Writes the unit after it to `file`: a module, or a graph as text. Throws Error if that fails.
void save_state(const Pipeline& pipeline, const SweepStart& start, const std::string& file);
// Whether the start is a module, which is saved as .pt.
bool is_module(const SweepStart& start);

} // namespace tsir
