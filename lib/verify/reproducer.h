// Folders that reproduce the failure of a pass.
#pragma once

#include "lib/verify/sweep.h"

namespace tsir {

struct ReproducerRequest {
  std::string subcommand; // that shows the failure
  std::string folder;     // a new <folder>/<pass> is made, with a number if that exists
  std::string file;       // the model as the user named it
  bool save = true;       // the unit before the pass; false if the file was only inspected and must not be loaded
  std::string file_arguments = {}; // which part of the file, and how it is read; each with a blank after it
  std::string arguments;           // of the command line: inputs, seed, method, quoted for a shell
  std::string start;               // the passes that made the start
  const Registry* registry = nullptr;
};

// Writes before.pt or before.ir (the unit as the pass found it), command.sh and verdict.json. Where the unit before the
// pass cannot be saved, the command begins with the original file and all passes. Gives the folder's name. Throws
// Error(check) where it cannot be written.
std::string write_reproducer(const PassVerdict& verdict, const ReproducerRequest& request,
                             const SweepSettings& settings);

} // namespace tsir
