#include "tools/tsir/reproduce.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/scratch_folder.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/base/shell_quoted.h"
#include "tools/tsir/proof_options.h"

namespace tsir::tool {

std::vector<std::string> repeated_arguments(const Session& session, const ModelOptions& model,
                                            const InputOptions& input, const ExecutionOptions& execution) {
  std::vector<std::string> words;
  const auto add = [&](const std::string& name, const std::string& value) {
    words.push_back(name + " " + shell_quoted(value));
  };
  const auto add_file = [&](const std::string& name, const std::string& file) {
    add(name, std::filesystem::absolute(file).string());
  };
  for (const std::string& plugin : session.plugins) {
    add_file("--load-pass-plugin", plugin);
  }
  for (const std::string& library : model.libraries) {
    add_file("--load-library", library);
  }
  if (!model.method.empty()) {
    add("--method", model.method);
  }
  for (const std::string& given : input.settings.inputs) {
    add("--input", given);
  }
  if (!input.settings.file.empty()) {
    add_file("--inputs", input.settings.file);
  }
  add("--seed", fmt::to_string(input.settings.seed));
  add("--device", execution.device_name);
  if (execution.threads > 0) {
    add("--threads", fmt::to_string(execution.threads));
  }
  if (execution.grad) {
    words.emplace_back("--grad");
  }
  return words;
}

std::string text_arguments(const ModelOptions& model) {
  const std::string graph = model.graph > 0 ? fmt::format("--graph {} ", model.graph) : "";
  return model.fill_constants.empty() ? graph : graph + "--fill-constants " + shell_quoted(model.fill_constants) + " ";
}

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

VerifyTarget target(const Reproduction& what) {
  const c10::Device device = what.execution.prepare();
  const auto model = std::make_shared<OpenedModel>(what.model, what.loaded ? OpenMode::load : OpenMode::inspect, device);
  VerifyTarget target;
  target.device = device;
  target.open = [model] { return model->unit(); };
  if (has_profiled(what.pipeline) || !what.input.settings.inputs.empty() || !what.input.settings.file.empty()) {
    Unit unit = model->unit();
    target.observe.input_sets = {inputs_for(what.input, unit, device)};
  }
  return target;
}

PassVerdict verdict_of(const EarlierFailure& failure, const Pipeline& pipeline) {
  const size_t index = (static_cast<size_t>(failure.point) - 1) % pipeline.uses().size();
  const PassUse& use = pipeline.uses().at(index);
  PassVerdict verdict = verdict_about(use, pipeline.text(index + 1), pipeline.text(index));
  verdict.verdict = failure.crashed ? Verdict::crashed : Verdict::failed;
  verdict.what = failure.what;
  verdict.known = known_defect(*use.row, failure.what);
  return verdict;
}

std::string folder_reproducer(const PassVerdict& verdict, const Reproduction& what, const Session& session) {
  const auto words = repeated_arguments(session, what.model, what.input, what.execution);
  const ReproducerRequest request{.subcommand = "opt",
                                  .folder = what.folder,
                                  .file = what.model.file,
                                  .save = what.loaded || OpenedModel(what.model, OpenMode::inspect).is_graph(),
                                  .file_arguments = text_arguments(what.model),
                                  .arguments = fmt::format("{}", fmt::join(words, " ")),
                                  .start = {},
                                  .registry = &session.registry};
  SweepSettings settings;
  settings.target = [&] { return target(what); };
  try {
    return "a reproducer is in " + write_reproducer(verdict, request, settings);
  } catch (const Error& error) {
    return fmt::format("no reproducer: {}", error.what());
  }
}

std::string file_reproducer(const PassVerdict& verdict, const Reproduction& what, const Session& session) {
  const ScratchFolder scratch("tsir");
  const ProofOptions proof{.model = what.model,
                           .input = what.input,
                           .execution = what.execution,
                           .start = {},
                           .sets = 1,
                           .calls = 1,
                           .tolerance = {}};
  try {
    write_crash_reproducer(verdict, proof.start_request(session, what.pipeline, scratch.path()), session.plugins,
                           what.file);
    return fmt::format("a reproducer is in {}; it shows with: tsir opt --run-reproducer {}", what.file,
                       shell_quoted(what.file));
  } catch (const Error& error) {
    return fmt::format("{} was not written: {}", what.file, error.what());
  }
}

} // namespace

void reproduce(const EarlierFailure& failure, Reproduction what, const Session& session) {
  if (what.model.file == "-") {
    return;
  }
  if (OpenedModel(what.model, OpenMode::inspect).graphs() > 1) {
    what.model.graph = 1 + (static_cast<size_t>(failure.point) - 1) / what.pipeline.uses().size();
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
