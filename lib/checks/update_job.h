// `tsir update-checks`: many tests at once.
#pragma once

#include "lib/base/error.h"
#include "lib/checks/update.h"

#include <nlohmann/json.hpp>

namespace tsir {

struct UpdateJob {
  std::vector<std::string> files; // tests, each named once
  UpdateSettings settings;
  bool write = true; // rewrite the files; else only tell
  size_t jobs = 0;   // files at a time; 0 for as many as there are processors
};

enum class UpdateState { current, updated, out_of_date, failed };
std::string_view to_string(UpdateState state); // "out of date"

// What became of one file.
struct UpdateOutcome {
  std::string file;
  UpdateState state = UpdateState::current;
  TestUpdate update;                 // unless it failed
  std::string error;                 // one line; "" unless it failed
  ErrorKind kind = ErrorKind::check; // of the error
};

// The outcomes in the order of the files. Throws Error before any command runs where the job as a whole cannot be done:
// a file that is given twice, cannot be read or written, or has RUN lines that are not for update-checks.
std::vector<UpdateOutcome> update_tests(const UpdateJob& job);

// Substitutions from texts such as "%models=build/models". What names a file becomes an absolute path, as commands run
// in a folder of their own. Throws Error(usage).
Substitutions parse_substitutions(const std::vector<std::string>& definitions);

// "a.ir: updated (CHECK, CFG; by hand: OPT)", with the end of the line.
std::string outcome_line(const UpdateOutcome& outcome);
nlohmann::ordered_json update_report(const std::vector<UpdateOutcome>& outcomes); // schema tsir.update-checks/1

} // namespace tsir
