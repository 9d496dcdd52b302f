#include "lib/reduce/recovery.h"

#include "lib/base/error.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/verify/observer.h"
#include "lib/verify/reproducer.h"

namespace tsir {
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

// A module that was only inspected is not loaded now: then only the command is written.
std::string write_folder(const PassVerdict& verdict, const RecoveryJob& job) {
  const OpenedModel model(job.workload.source, OpenMode::inspect);
  const bool loaded = needs_of(job.workload, job.pipeline, job.purpose).load;
  const ReproducerRequest request{.subcommand = "opt",
                                  .folder = job.folder,
                                  .workload = job.workload,
                                  .purpose = job.purpose,
                                  .save = loaded || model.is_text(),
                                  .registry = job.registry,
                                  .found_by = job.found_by};
  try {
    return "a reproducer is in " + write_reproducer(verdict, request);
  } catch (const Error& error) {
    return fmt::format("no reproducer: {}", error.what());
  }
}

std::string write_ir_file(const PassVerdict& verdict, const RecoveryJob& job) {
  constexpr std::chrono::minutes limit(5);
  try {
    write_crash_reproducer(verdict, job.workload, *job.registry, limit, job.file);
    return fmt::format("a reproducer is in {}; to reproduce: {}", job.file, replay_command(job.file).line());
  } catch (const Error& error) {
    return fmt::format("{} was not written: {}", job.file, error.what());
  }
}

} // namespace

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

std::vector<std::string> write_reproducers(const EarlierFailure& failure, RecoveryJob job) {
  if (job.workload.source.file == "-") {
    return {};
  }
  if (OpenedModel(job.workload.source, OpenMode::inspect).graphs() > 1) {
    job.workload.source.graph = 1 + (static_cast<size_t>(failure.point) - 1) / job.pipeline.uses().size();
  }
  const PassVerdict verdict = verdict_of(failure, job.pipeline);
  std::vector<std::string> lines;
  if (!job.folder.empty()) {
    lines.push_back(write_folder(verdict, job));
  }
  if (!job.file.empty()) {
    lines.push_back(write_ir_file(verdict, job));
  }
  return lines;
}

} // namespace tsir
