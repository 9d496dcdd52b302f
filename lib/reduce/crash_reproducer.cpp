#include "lib/reduce/crash_reproducer.h"

#include "lib/base/error.h"
#include "lib/model/text_ir.h"

namespace tsir {

IrReproducer reproducer_for(const Candidate& candidate, const PassVerdict& shown, const TrialSettings& settings,
                            const std::vector<std::string>& more) {
  IrReproducer made{.subcommand = candidate.inputs ? "verify" : "opt",
                    .arguments = {"--passes", candidate.pipeline.text()},
                    .what = fmt::format("{} {}: {}", shown.use, to_string(shown.verdict), shown.what),
                    .plugins = {}};
  const auto add = [&](const std::string& name, const std::string& value) {
    made.arguments.insert(made.arguments.end(), {name, value});
  };
  if (candidate.inputs) {
    for (const std::string& input : *candidate.inputs) {
      add("--input", input);
    }
    add("--seed", fmt::to_string(settings.observe.seed));
    add("--sets", fmt::to_string(candidate.sets));
    add("--calls", fmt::to_string(candidate.calls));
    if (settings.observe.executor != Executor::as_is) {
      add("--executor", std::string(to_string(settings.observe.executor)));
    }
  }
  if (!settings.device.is_cpu()) {
    add("--device", settings.device.str());
  }
  if (settings.observe.grad) {
    made.arguments.emplace_back("--grad");
  }
  made.arguments.insert(made.arguments.end(), more.begin(), more.end());
  return made;
}

void write_crash_reproducer(const PassVerdict& failure, const StartRequest& request,
                            const std::vector<std::string>& plugins, const std::string& file) {
  const Pipeline before = Pipeline::parse(failure.before, *request.registry);
  const Pipeline whole = Pipeline::parse(failure.passes, *request.registry);
  const Pipeline last({whole.uses().back()});
  std::string why = "as a graph of its own it does not fail";
  for (const auto& [first, rest] : {std::pair(before, last), std::pair(Pipeline(), whole)}) {
    try {
      const Candidate candidate = candidate_after(request, first, rest);
      for (const PassVerdict& verdict : try_passes(candidate, request.trial)) {
        if (verdict.name == failure.name && is_failure(verdict)) {
          IrReproducer made = reproducer_for(candidate, verdict, request.trial, {});
          made.plugins = plugins;
          write_ir(*candidate.graph, file,
                   {.locations = false, .elide = false, .comments = reproducer_comments(made, file)});
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
