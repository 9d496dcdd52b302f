// What it takes to say whether passes change what a unit does: flags that verify, reduce and bisect share.
#pragma once

#include "lib/reduce/start.h"
#include "tools/tsir/open_unit.h"

namespace tsir::tool {

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
  // Throws Error(usage) on values that make no sense; loads nothing.
  void check(const Registry& registry) const;
  // Opens the model and makes the inputs; for a child process. `wants_inputs`: false leaves them out where none are
  // given.
  VerifyTarget target(const Registry& registry, c10::Device device, bool wants_inputs = true) const;
  std::chrono::nanoseconds pass_limit() const;
  // For a start that stands for itself; `folder` is for what children write. These options must outlive it.
  StartRequest start_request(const Session& session, const Pipeline& passes, const std::string& folder) const;
  bool gives_inputs() const { return !input.settings.inputs.empty() || !input.settings.file.empty(); }
  // What has to be said again, besides file and passes, as a shell takes it.
  std::string repeated(const Session& session) const;
};

} // namespace tsir::tool
