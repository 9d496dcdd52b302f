#include "tools/tsir/reproduce.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/verify/reproducer.h"

namespace tsir::tool {

void add_crash_reproducer(CLI::App& app, std::string& file) {
  app.add_option(
         "--crash-reproducer", file,
         "After a failure, write the graph before the pass, with the command that shows the failure in its first "
         "lines; tsir opt --run-reproducer replays it. Loads a module fully")
      ->type_name("FILE.ir");
}

void check_crash_reproducer(const std::string& file) {
  if (file.empty()) {
    return;
  }
  if (!file.ends_with(".ir")) {
    throw Error(ErrorKind::usage, fmt::format("--crash-reproducer {}: it is text: the name must end in .ir", file));
  }
  check_writable(file);
}

// Points count the passes of the first graph, then those of the second, and so on.
RecoveryObserver::RecoveryObserver(const Pipeline& pipeline, size_t graph)
    : first_((graph - 1) * pipeline.uses().size() + 1) {}

void RecoveryObserver::before_pass(const PassEvent& event, Unit&) {
  set_recovery_point(static_cast<int>(first_ + event.index));
}

void RecoveryObserver::after_pass(const PassEvent&, Unit&) {
  set_recovery_point(0);
}

void RecoveryObserver::pass_failed(const PassEvent& event, Unit&, const std::string&) {
  if (event.refused) { // by tsir itself, which said why
    set_recovery_point(0);
  }
}

namespace {

PassVerdict verdict_of(const EarlierFailure& failure, const Pipeline& pipeline) {
  const size_t index = (static_cast<size_t>(failure.point) - 1) % pipeline.uses().size();
  const PassUse& use = pipeline.uses().at(index);
  PassVerdict verdict = verdict_about(use, pipeline.text(index + 1), pipeline.text(index));
  verdict.verdict = failure.crashed ? Verdict::crashed : Verdict::failed;
  verdict.what = failure.what;
  verdict.known = known_defect(*use.row, failure.what);
  return verdict;
}

// One that was only inspected is not loaded now: then only the command is written, unless it is text.
std::string folder_reproducer(const PassVerdict& verdict, const Reproduction& what, const Session& session) {
  const OpenedModel model(what.workload.source, OpenMode::inspect);
  const bool loaded = needs_of(what.workload, what.pipeline, what.purpose).load;
  const ReproducerRequest request{.subcommand = "opt",
                                  .folder = what.folder,
                                  .workload = what.workload,
                                  .purpose = what.purpose,
                                  .save = loaded || model.is_text(),
                                  .registry = &session.registry,
                                  .found_by = session.given.line()};
  try {
    return "a reproducer is in " + write_reproducer(verdict, request);
  } catch (const Error& error) {
    return fmt::format("no reproducer: {}", error.what());
  }
}

std::string file_reproducer(const PassVerdict& verdict, const Reproduction& what, const Session& session) {
  constexpr std::chrono::minutes limit(5);
  try {
    write_crash_reproducer(verdict, what.workload, session.registry, limit, what.file);
    return fmt::format("a reproducer is in {}; it shows with: {}", what.file,
                       Invocation("opt", "").add("--run-reproducer", what.file).line());
  } catch (const Error& error) {
    return fmt::format("{} was not written: {}", what.file, error.what());
  }
}

} // namespace

void reproduce(const EarlierFailure& failure, Reproduction what, const Session& session) {
  if (what.workload.source.file == "-") {
    return;
  }
  if (OpenedModel(what.workload.source, OpenMode::inspect).graphs() > 1) {
    what.workload.source.graph = 1 + (static_cast<size_t>(failure.point) - 1) / what.pipeline.uses().size();
  }
  const PassVerdict verdict = verdict_of(failure, what.pipeline);
  std::string lines = what.folder.empty() ? "" : folder_reproducer(verdict, what, session);
  if (!what.file.empty()) {
    lines += (lines.empty() ? "" : "\ntsir: ") + file_reproducer(verdict, what, session);
  }
  if (!lines.empty()) {
    report_recovery(lines);
  }
}

} // namespace tsir::tool
