// The flags of `tsir opt`.
#pragma once

#include "lib/opt/job.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {

// --name[=LABEL]: a flag that may carry a value after '='.
struct OptionalValue {
  bool given = false;
  std::string value;
  void add_to(CLI::App& app, const std::string& name, const std::string& label, const std::string& help);
};

struct OptOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string passes;
  std::string output;
  std::string emit_cpp;
  std::string emit_python;
  std::string reproducers = "tsir-reproducers";
  std::string crash_reproducer;
  std::string run_reproducer; // main has replaced it by what the file says
  bool allow_different = false;
  bool locations = false;
  bool elide = false;
  bool no_graph = false;
  bool verify_diagnostics = false;
  OptionalValue print_before;
  OptionalValue print_after;
  OptionalValue print_changed;
  OptionalValue compare;
  bool print_after_all = false;
  bool time_passes = false;
  bool stats = false;
  bool verify_each = true;
  bool quiet = false;
  std::string dump_dir;

  void add_to(CLI::App& app);
  bool writes_file() const { return !output.empty() && output != "-"; }
  bool writes_program() const { return !emit_cpp.empty() || !emit_python.empty(); }
  // Throws Error(usage).
  OptJob job(const Session& session) const;

private:
  ObserverSettings observers(const Session& session, const Pipeline& pipeline) const;
  void add_observers_to(CLI::App& app);
};

} // namespace tsir::tool
