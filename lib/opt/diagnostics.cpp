#include "lib/base/error.h"
#include "lib/checks/expected_diagnostics.h"
#include "lib/opt/graph_runs.h"
#include "lib/process/recovery.h"

namespace tsir {
namespace {

using Severity = Diagnostic::Severity;

void check_text(const OptJob& job, const OpenedModel& model) {
  const std::string setting = spelled(Setting::verify_diagnostics);
  if (!model.is_text()) {
    throw Error(ErrorKind::usage, fmt::format("{} reads the comments of .ir text, and {} is not .ir text", setting,
                                              job.workload.source.file));
  }
  if (job.workload.source.graph > 0) {
    throw Error(ErrorKind::usage,
                fmt::format("{} takes all graphs of the file: leave out {}", setting, spelled(Setting::graph)));
  }
}

void add_diagnostics(const GraphRuns& runs, size_t graph, std::vector<Diagnostic>& found) {
  const auto warn = [&](const TextFault& doubt) { found.push_back({Severity::warning, doubt.line, doubt.what}); };
  try {
    runs.run(graph, warn);
  } catch (const TextError& error) {
    for (const TextFault& fault : error.faults()) {
      found.push_back({Severity::error, fault.line, fault.what});
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::pass) {
      throw;
    }
    found.push_back({Severity::error, 0, error.what()});
  }
  set_recovery_point(0); // a failure that may be expected leaves no reproducer
}

} // namespace

std::vector<std::string> verify_diagnostics(const OptJob& job, const OptHooks& hooks) {
  const GraphRuns runs(job, hooks);
  check_text(job, runs.model());
  std::vector<Diagnostic> found;
  for (size_t graph = 1; graph <= runs.count(); ++graph) {
    if (hooks.begin) {
      hooks.begin(graph);
    }
    add_diagnostics(runs, graph, found);
  }
  return ExpectedDiagnostics(runs.model().text(), job.workload.source.file).mismatches(found);
}

} // namespace tsir
