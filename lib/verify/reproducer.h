// A folder from which a failure of a pass can be had again.
#pragma once

#include "lib/verify/verdict.h"
#include "lib/workload/invocation.h"

namespace tsir {

struct ReproducerRequest {
  std::string subcommand;                      // that met the failure, and meets it again
  std::vector<Invocation::Argument> more = {}; // options of its own that it needs for that
  std::string folder; // the reproducer is a new folder in it: <folder>/<pass>, numbered where taken
  Workload workload;
  Purpose purpose = {.run = true}; // what the subcommand wants of the unit
  bool save = true; // the unit before the pass; false where it was only inspected, and must not be loaded now
  const Registry* registry = nullptr;
  std::string found_by = {};         // the command line that met it, as it was given; "" for none
  std::chrono::nanoseconds limit{0}; // for making and saving the unit before the pass; zero for none
};

// Writes before.pt or before.ir (the unit as the pass found it), command.sh and verdict.json. Where the unit before the
// pass cannot be saved, the command begins with the original file and all passes. Gives the folder's name. Throws
// Error(check) where it cannot be written.
std::string write_reproducer(const PassVerdict& verdict, const ReproducerRequest& request);

} // namespace tsir
