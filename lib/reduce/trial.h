// Tries candidates in child processes.
#pragma once

#include "lib/reduce/candidate.h"
#include "lib/verify/sweep.h"
#include "lib/workload/workload.h"

namespace tsir {

struct TrialSettings {
  Workload workload; // how to run; what to run, on which inputs and how often, is in the candidate
  std::chrono::nanoseconds limit{0};
};

// One verdict for each pass, up to the first failure; none if the candidate cannot be run before any pass.
std::vector<PassVerdict> try_passes(const Candidate& candidate, const TrialSettings& settings);

struct ShownTrial {
  size_t index = 0; // of the candidate
  std::vector<PassVerdict> verdicts;
};
// Tries candidates, `at_once` of them at the same time, and returns the first for which `shows` is true. Later ones may
// be tried and ended early.
std::optional<ShownTrial> first_shown(const std::vector<Candidate>& candidates, const TrialSettings& settings,
                                      size_t at_once,
                                      const std::function<bool(const std::vector<PassVerdict>&)>& shows);

// Runs the candidate once and stores its values in `seen`. If the run fails, those seen until then are stored.
void observe_values(Candidate& candidate, const TrialSettings& settings);

// Replaces every {} in `command` by the file's name (or appends it), and runs it in a shell. Gives the exit code;
// nothing if it did not end in time or did not end by itself. `stop` (may be empty) is called meanwhile; true ends the
// command.
std::optional<int> run_command(const std::string& command, const std::string& file, std::chrono::nanoseconds limit,
                               const std::function<bool()>& stop);
// The command with the file's name in it.
std::string command_line(const std::string& command, const std::string& file);

} // namespace tsir
