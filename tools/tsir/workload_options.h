// Makes a Workload from flags: the one place where a subcommand gets what it works on.
#pragma once

#include "lib/workload/workload.h"
#include "tools/tsir/options.h"

namespace tsir::tool {

// Throws Error(usage) on an executor that does not exist; opens nothing.
Workload make_workload(const Session& session, const ModelOptions& model, const InputOptions& input,
                       const ExecutionOptions& execution);

// Prints each warning to standard error once, although a text is read again for each variant that is timed or compared.
void warn_once(const TextFault& doubt);

// --crash-reproducer FILE.
void add_crash_reproducer(CLI::App& app, std::string& file);
// Throws Error(usage) if the file cannot be written, its name does not end in .ir, or it is one of the others, which
// the command reads or writes. "": not given.
void check_crash_reproducer(const std::string& file, const std::vector<std::string>& others);

// The flags that verify, reduce and bisect share: they say how to check whether passes change what a unit does.
struct ProofOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  std::string start; // passes
  size_t sets = 3;
  size_t calls = 2;
  std::vector<std::string> tolerance;
  double pass_seconds = 300;

  // --start, --sets, --calls, --tolerance, --pass-time-limit.
  void add_to(CLI::App& app);
  // Throws Error(usage).
  Workload workload(const Session& session) const;
  std::chrono::nanoseconds pass_limit() const;
};

} // namespace tsir::tool
