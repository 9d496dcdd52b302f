// Candidates tried in child processes.
#pragma once

#include "lib/reduce/candidate.h"
#include "lib/verify/sweep.h"
#include "lib/workload/workload.h"

namespace tsir {

struct TrialSettings {
  Workload workload; // how it runs; what runs, on which inputs and how often, is the candidate's
  std::chrono::nanoseconds limit{0};
};

// What became of each pass, up to the first failure; none where the candidate cannot even be run as it is.
std::vector<PassVerdict> try_passes(const Candidate& candidate, const TrialSettings& settings);

// Runs the candidate once, and notes in `seen` what its values were. Leaves it as it was where that fails.
void observe_values(Candidate& candidate, const TrialSettings& settings);

// Replaces every {} in `command` by the file's name (or appends it), and runs it in a shell. Gives the exit code, or
// nothing where it did not end in time or by itself. `stop`, which may be empty, is asked meanwhile.
std::optional<int> run_command(const std::string& command, const std::string& file, std::chrono::nanoseconds limit,
                               const std::function<bool()>& stop);
// The command with the file's name in it.
std::string command_line(const std::string& command, const std::string& file);

} // namespace tsir
