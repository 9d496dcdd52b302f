#include "tools/tsir/workload_options.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/printable.h"
#include "lib/run/tolerance.h"

#include <cstdio>

namespace tsir::tool {

Workload make_workload(const Session& session, const ModelOptions& model, const InputOptions& input,
                       const ExecutionOptions& execution) {
  Workload workload;
  workload.source = {.file = model.file,
                     .method = model.method,
                     .graph = model.graph,
                     .fill_constants = model.fill_constants,
                     .libraries = model.libraries,
                     .open_limit = nanoseconds_of(model.load_seconds)};
  workload.inputs = input.settings;
  workload.device = execution.device_name;
  workload.executor = parse_executor(execution.executor_name);
  workload.grad = execution.grad;
  workload.threads = execution.threads;
  workload.plugins = session.plugins;
  return workload;
}

void warn_once(const TextFault& doubt) {
  static std::unordered_set<std::string> reported;
  if (reported.insert(doubt.text()).second) {
    std::fprintf(stderr, "tsir: warning: %s\n", printable(doubt.text()).c_str());
  }
}

void add_crash_reproducer(CLI::App& app, std::string& file) {
  app.add_option("--crash-reproducer", file,
                 "After a failure, write the graph before the pass, with the command that shows the failure in its "
                 "first lines; `tsir opt --run-reproducer` replays it. Loads a module fully")
      ->type_name("FILE.ir");
}

void check_crash_reproducer(const std::string& file, const std::vector<std::string>& others) {
  if (file.empty()) {
    return;
  }
  if (!file.ends_with(".ir")) {
    throw Error(ErrorKind::usage, fmt::format("--crash-reproducer {}: it is text: the name must end in .ir", file));
  }
  check_writable(file);
  for (const std::string& other : others) {
    if (same_file(file, other)) {
      throw Error(ErrorKind::usage, fmt::format("--crash-reproducer {} would overwrite {}", file, other));
    }
  }
}

void ProofOptions::add_to(CLI::App& app) {
  app.add_option("--start", start,
                 "Passes that make the unit to start from, such as 'freeze' to check passes on a frozen model")
      ->type_name("PASSES");
  app.add_option("--sets", sets, "Number of input sets, each with its own seed")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--calls", calls,
                 "Number of successive calls on each input set; a second call may differ from the first")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--tolerance", tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  app.add_option("--pass-time-limit", pass_seconds, "Maximum time to run and check a pass or a pipeline")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
}

Workload ProofOptions::workload(const Session& session) const {
  Workload workload = make_workload(session, model, input, execution);
  workload.sets = sets;
  workload.calls = calls;
  workload.tolerance = tolerance;
  parse_tolerances(workload.tolerance);
  workload.start = start;
  start_of(workload, session.registry);
  return workload;
}

std::chrono::nanoseconds ProofOptions::pass_limit() const {
  return nanoseconds_of(pass_seconds);
}

} // namespace tsir::tool
