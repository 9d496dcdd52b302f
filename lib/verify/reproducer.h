// Writes a folder that reproduces a failure of a pass.
#pragma once

#include "lib/verify/verdict.h"
#include "lib/workload/invocation.h"

namespace tsir {

struct ReproducerRequest {
  std::string subcommand;                      // the subcommand that found the failure and reproduces it
  std::vector<Invocation::Argument> more = {}; // further options that it needs to reproduce the failure
  std::string folder; // parent of the reproducer's folder: <folder>/<pass>, numbered if that exists
  Workload workload;
  Purpose purpose = {.run = true}; // what the subcommand uses the unit for
  bool save = true; // saves the unit before the pass; false if it was only inspected and must not be loaded
  const Registry* registry = nullptr;
  std::string found_by = {};         // the command line that found it, as it was given; "" for none
  std::chrono::nanoseconds limit{0}; // for making and saving the unit before the pass; zero for none
};

// Adds the time limit of a pass if the failure is that it was exceeded.
void add_time_limit(Invocation& again, const PassVerdict& verdict, std::chrono::nanoseconds limit);

// Writes before.pt or before.ir (the unit as the pass found it), command.sh and verdict.json. If the unit before the
// pass cannot be saved, the command uses the original file and all passes. Returns the folder's name. Throws
// Error(check) if it cannot be written.
std::string write_reproducer(const PassVerdict& verdict, const ReproducerRequest& request);

} // namespace tsir
