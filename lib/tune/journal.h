// What a search has found so far, in a file: it goes on from there after Ctrl-C, a crash or a restart of the machine.
#pragma once

#include "lib/tune/candidate.h"

namespace tsir {

// Lines of JSON, each flushed when it is written. The first says what was searched for.
class Journal {
public:
  Journal() = default; // none: nothing is kept
  // Opens or creates the file. Throws Error(usage) if it belongs to another search, or cannot be written. A last line
  // that is incomplete is left out.
  Journal(const std::string& path, const nlohmann::ordered_json& subject);

  // The outcome of a trial, or of the candidate in a race; nothing if it is not there.
  std::optional<CandidateOutcome> trial(const TuneCandidate& candidate) const;
  std::optional<CandidateOutcome> raced(const TuneCandidate& candidate) const;
  void add_trial(const CandidateOutcome& outcome);
  void add_raced(const CandidateOutcome& outcome);
  size_t found() const { return trials_.size(); } // trials that the file held when it was opened, and those since

private:
  void add(const char* what, const CandidateOutcome& outcome);
  void write(const nlohmann::ordered_json& line);
  void take(const nlohmann::ordered_json& line);

  std::string path_;
  std::map<std::string, CandidateOutcome> trials_; // by the candidate's key
  std::map<std::string, CandidateOutcome> raced_;
};

} // namespace tsir
