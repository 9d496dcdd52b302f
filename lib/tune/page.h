// The result of a search as a page.
#pragma once

#include "lib/tune/job.h"

namespace tsir {

struct TunePageSettings {
  std::string tool;    // the program and its version
  std::string command; // the command line of the search; may be empty
  // What writes the candidate as a file or as a program: {"the module after the passes", "tsir opt …"}.
  std::function<std::vector<std::pair<std::string, std::string>>(const Confirmation&)> commands;
  // Why a program without tsir cannot do what a candidate does; "" if it can.
  std::function<std::string(const Confirmation&)> not_in_cpp;
};

// One HTML file without script, in the style of reports. All text is escaped.
std::string tune_page(const TuneJob& job, const TuneOutcome& outcome, const TunePageSettings& settings);

} // namespace tsir
