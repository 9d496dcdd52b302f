// `tsir update-checks`: updates several tests in parallel.
#pragma once

#include "lib/base/error.h"
#include "lib/checks/update.h"

#include <nlohmann/json.hpp>

namespace tsir {

struct UpdateJob {
  std::vector<std::string> files; // paths of tests, without duplicates
  UpdateSettings settings;
  bool write = true; // rewrite the files; otherwise only report
  size_t jobs = 0;   // files processed at a time; 0 for the number of processors
};

enum class UpdateState { current, updated, out_of_date, failed };
std::string_view to_string(UpdateState state); // "out of date"

// The result for one file.
struct UpdateOutcome {
  std::string file;
  UpdateState state = UpdateState::current;
  TestUpdate update;                 // valid unless it failed
  std::string error;                 // one line; "" unless it failed
  ErrorKind kind = ErrorKind::check; // kind of the error
};

// The outcomes in the order of the files. Throws Error before any command runs if the job is invalid: a file is given
// twice, cannot be read or written, or has unsupported RUN lines.
std::vector<UpdateOutcome> update_tests(const UpdateJob& job);

// Parses substitutions such as "%models=build/models". A value that names an existing file becomes an absolute path,
// because commands run in a temporary folder. Throws Error(usage).
Substitutions parse_substitutions(const std::vector<std::string>& definitions);

// One line with its line end: "a.ir: updated (CHECK, CFG; by hand: OPT)".
std::string outcome_line(const UpdateOutcome& outcome);
nlohmann::ordered_json update_report(const std::vector<UpdateOutcome>& outcomes); // schema tsir.update-checks/1

} // namespace tsir
