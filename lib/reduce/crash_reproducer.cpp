#include "lib/reduce/crash_reproducer.h"

#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/model/text_ir.h"
#include "lib/verify/reproducer.h"

namespace tsir {

IrReproducer reproducer_for(const Candidate& candidate, const PassVerdict& shown, const Workload& workload,
                            std::chrono::nanoseconds limit, const std::string& file) {
  // The graph is standalone: only the settings for running it are taken from the workload.
  Workload on_graph = workload;
  on_graph.source = {.file = file};
  on_graph.start.clear();
  on_graph.plugins.clear();
  on_graph.inputs.inputs = candidate.inputs.value_or(InputTexts());
  on_graph.inputs.file.clear();
  on_graph.sets = candidate.sets;
  on_graph.calls = candidate.calls;
  IrReproducer made{.invocation = Invocation(candidate.inputs ? "verify" : "opt", file),
                    .what = fmt::format("{} {}: {}", shown.use, to_string(shown.verdict), shown.what),
                    .plugins = workload.plugins};
  made.invocation.add("--passes", candidate.pipeline.text());
  made.invocation.add(on_graph, candidate.inputs ? Invocation::Part::saved_unit : Invocation::Part::graph_not_run);
  add_time_limit(made.invocation, shown, limit);
  return made;
}

void write_crash_reproducer(const PassVerdict& failure, const Workload& workload, const Registry& registry,
                            std::chrono::nanoseconds limit, const std::string& file) {
  const Pipeline before = Pipeline::parse(failure.before, registry);
  const Pipeline whole = Pipeline::parse(failure.passes, registry);
  const Pipeline last({whole.uses().back()});
  const ScratchFolder scratch("tsir");
  const StartRequest request{
      .workload = workload, .passes = whole, .registry = &registry, .folder = scratch.path(), .limit = limit};
  std::string why = "the standalone graph does not fail";
  for (const auto& [first, rest] : {std::pair(before, last), std::pair(Pipeline(), whole)}) {
    try {
      const Candidate candidate = candidate_after(request, first, rest);
      for (const PassVerdict& verdict : try_passes(candidate, request.trial())) {
        if (verdict.name == failure.name && is_failure(verdict)) {
          const IrReproducer made = reproducer_for(candidate, verdict, workload, limit, file);
          write_ir(*candidate.graph, file, {.locations = false, .elide = false, .comments = reproducer_comments(made)});
          return;
        }
      }
    } catch (const Error& error) {
      why = error.what();
    }
  }
  throw Error(ErrorKind::check, why);
}

} // namespace tsir
