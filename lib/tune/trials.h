// Tries candidates in processes of their own, each with its own settings: passes, outputs, and what executes the same.
#pragma once

#include "lib/bench/variants/rival.h"
#include "lib/tune/candidate.h"
#include "lib/tune/goal.h"

namespace tsir {

using InputSets = std::vector<std::vector<c10::IValue>>; // each without self

// How candidates are served.
struct ServingSetup {
  std::string program;                                      // the path of tsir
  std::vector<std::string> libraries;                       // of custom operators
  std::vector<std::string> plugins;                         // of passes
  std::chrono::nanoseconds limit = std::chrono::minutes(5); // for the start, and for each answer
  std::shared_ptr<RivalJob> job;                            // with the inputs for the race
};

class Trials {
public:
  // `tolerance`: absent for the default of each dtype; candidates that change precision may then differ by a tenth of
  // the largest number of an output. `stop` may be empty; what it ends is thrown as Interrupted.
  Trials(ServingSetup setup, size_t calls, std::optional<Tolerance> tolerance, std::function<bool()> stop);

  Rival rival_of(const TuneCandidate& candidate) const;
  ArmSource arm_of(const TuneCandidate& candidate, Goal goal) const;

  // Runs the candidate that the others are compared with, twice: a model that does not repeat its outputs is not
  // compared. Throws Error if it cannot run.
  CandidateOutcome set_reference(const TuneCandidate& candidate, const InputSets& sets);
  bool repeats() const { return repeats_; }
  // Runs the candidate on the input sets of the reference, and compares the outputs.
  CandidateOutcome try_candidate(const TuneCandidate& candidate);
  // Runs both on further input sets, one after the other, until `enough` is true. Adds what it finds to `outcome`, and
  // returns the number of sets.
  size_t try_further(const TuneCandidate& reference, CandidateOutcome& outcome, const InputSets& sets,
                     const std::function<bool(size_t tried)>& enough) const;

private:
  using Outputs = std::vector<std::vector<c10::IValue>>; // of each set: of all calls, as leaves
  Outputs outputs_of(RivalProcess& process) const;
  void judge(CandidateOutcome& outcome, const std::vector<c10::IValue>& expected,
             const std::vector<c10::IValue>& outputs) const;

  ServingSetup setup_;
  size_t calls_;
  std::optional<Tolerance> tolerance_;
  std::function<bool()> stop_;
  std::vector<std::shared_ptr<RivalFiles>> files_; // of the reference's input sets
  Outputs expected_;
  bool repeats_ = true;
};

} // namespace tsir
