// tsir opt: runs passes on a module or graph, shows what each does, and writes the result.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/printable.h"
#include "lib/checks/expected_diagnostics.h"
#include "lib/ir/text/print.h"
#include "lib/model/save.h"
#include "lib/model/text_ir.h"
#include "lib/run/compare.h"
#include "lib/run/outputs.h"
#include "lib/run/threads.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/opt_observers.h"
#include "tools/tsir/reproduce.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct OptOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  ObserverOptions observers;
  JsonOption json;
  std::string passes;
  std::string output;
  std::string reproducers = "tsir-reproducers";
  std::string crash_reproducer;
  std::string run_reproducer; // main has replaced it by what the file says
  bool locations = false;
  bool elide = false;
  bool no_graph = false;
  bool verify_diagnostics = false;
};

bool ends_with(const std::string& text, std::string_view ending) {
  return text.size() >= ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

bool is_file(const std::string& output) {
  return !output.empty() && output != "-";
}

void check_output(const std::string& output) {
  if (!is_file(output)) {
    return;
  }
  if (!ends_with(output, ".pt") && !ends_with(output, ".ir")) {
    throw Error(ErrorKind::usage,
                fmt::format("-o {}: the name must end in .pt (a module) or .ir (the graph as text)", output));
  }
  check_writable(output);
}

// Inputs that are given are made even where no pass needs them: a module that is written is checked on them.
Purpose purpose_of(const OptOptions& options, const Workload& workload) {
  const bool writes = is_file(options.output) || !options.crash_reproducer.empty();
  return {.run = options.observers.compare.given, .load = writes, .inputs = gives_inputs(workload)};
}

nlohmann::ordered_json report(const OptOptions& options, const Unit& unit, const Pipeline& pipeline,
                              const std::vector<PassRecord>& records) {
  return {{"schema", "tsir.opt/1"},  {"file", options.model.file},
          {"method", unit.name()},   {"passes", pipeline.text()},
          {"ran", to_json(records)}, {"graph", to_text(*unit.graph(), {options.locations})}};
}

void check_same_outputs(const Unit& unit, const Unit& again, const OptOptions& options,
                        const std::vector<c10::IValue>& inputs) {
  const uint64_t seed = options.input.settings.seed;
  const bool grad = options.execution.grad;
  const Difference difference = compare(outputs_of(unit, inputs, seed, grad), outputs_of(again, inputs, seed, grad));
  if (!difference.same) {
    throw Error(ErrorKind::check, fmt::format("{} was not written: loaded back, its outputs differ: {}", options.output,
                                              difference.what));
  }
}

// A pass may have changed the inputs that the method takes: then those given cannot be tried on what was saved.
bool takes(const Unit& unit, const std::vector<c10::IValue>& inputs) {
  return unit.stack(inputs).size() == unit.graph()->inputs().size();
}

void write_result(const Session& session, const OptOptions& options, Unit& unit, const std::string& reports,
                  const std::vector<c10::IValue>* inputs) {
  const std::string& output = options.output;
  if (is_file(output)) {
    write_results(session, reports);
  }
  if (ends_with(output, ".pt")) {
    const bool checked = inputs != nullptr && takes(unit, *inputs);
    save_module(unit, output, [&](const Unit& again) {
      if (checked) {
        check_same_outputs(unit, again, options, *inputs);
      }
    });
    std::fprintf(stderr, "tsir: wrote %s; it loads%s\n", output.c_str(),
                 checked             ? " and gives the same outputs"
                 : inputs != nullptr ? "; its outputs were not checked, since a pass changed its inputs"
                                     : " (give --input to have its outputs checked too)");
    return;
  }
  if (is_file(output)) {
    write_ir(unit, output, {options.locations, options.elide});
  } else if (!options.json.takes_output()) { // there the graph is in the JSON
    write_results(session, reports + (options.no_graph ? "" : to_text(*unit.graph(), {options.locations})));
  }
}

// One of the graphs that the file holds.
struct Task {
  const OptOptions& options;
  const Workload& workload;
  const Pipeline& pipeline;
  std::shared_ptr<const OpenedModel> model;
  size_t graph = 0; // 0: the only one
};

void run_on(const Task& task, OptObservers& observers, const Session& session, const Warn& warn) {
  const OptOptions& options = task.options;
  Prepared prepared =
      prepare(task.model, task.workload, task.pipeline, purpose_of(options, task.workload), task.graph, warn);
  Unit& unit = prepared.unit;
  auto list = observers.make(prepared.inputs(), options.execution.grad, options.input.settings.seed);
  RecoveryObserver recovery(task.pipeline, std::max<size_t>(task.graph, 1));
  list.insert(list.begin(), &recovery);
  task.pipeline.run(unit, prepared.run_settings(), list);

  observers.print_tables();
  write_result(session, options, unit, observers.reports(), prepared.inputs());
  if (options.json.given) {
    write_json(session, report(options, unit, task.pipeline, observers.records()), options.json.file);
  }
}

// What reading a graph and running the passes complains of.
std::vector<Diagnostic> diagnostics_of(const Task& task, OptObservers& observers, const Session& session) {
  using Severity = Diagnostic::Severity;
  std::vector<Diagnostic> found;
  const auto warn = [&](const TextFault& doubt) { found.push_back({Severity::warning, doubt.line, doubt.what}); };
  try {
    run_on(task, observers, session, warn);
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
  set_recovery_point(0); // a failure that is expected leaves no reproducer
  return found;
}

// --verify-diagnostics. Throws Error(check) where they are others than the text's comments say.
void check_diagnostics(const std::vector<Diagnostic>& found, const OpenedModel& model, const std::string& file) {
  const std::vector<std::string> wrong = ExpectedDiagnostics(model.text(), file).mismatches(found);
  for (const std::string& line : wrong) {
    std::fprintf(stderr, "tsir: error: %s\n", printable(line).c_str());
  }
  if (!wrong.empty()) {
    throw Error(ErrorKind::check, fmt::format("{}: what was found and what was expected differ in {} place{}", file,
                                              wrong.size(), wrong.size() == 1 ? "" : "s"));
  }
}

void check_one_result(const OptOptions& options, size_t graphs) {
  if (graphs > 1 && (is_file(options.output) || options.json.given)) {
    throw Error(ErrorKind::usage, fmt::format("{} holds {} graphs, and there is one result: choose with --graph N",
                                              options.model.file, graphs));
  }
}

void check_verified(const OptOptions& options, const OpenedModel& model) {
  if (!options.verify_diagnostics) {
    return;
  }
  if (!model.is_text()) {
    throw Error(ErrorKind::usage,
                fmt::format("--verify-diagnostics reads the comments of .ir text, and {} is none", options.model.file));
  }
  if (options.model.graph > 0) {
    throw Error(ErrorKind::usage, "--verify-diagnostics takes all graphs of the file: leave out --graph");
  }
}

void run_on_all(const OptOptions& options, const Workload& workload, const Pipeline& pipeline,
                const std::shared_ptr<const OpenedModel>& model, const Session& session) {
  const size_t graphs = model->graphs();
  check_one_result(options, graphs);
  std::vector<Diagnostic> diagnostics;
  for (size_t graph = 1; graph <= graphs; ++graph) {
    if (graph > 1) {
      write_results(session, "# -----\n");
    }
    OptObservers observers(options.observers, session, pipeline, {options.locations});
    const Task task{options, workload, pipeline, model, graphs == 1 ? 0 : graph};
    if (options.verify_diagnostics) {
      const auto found = diagnostics_of(task, observers, session);
      diagnostics.insert(diagnostics.end(), found.begin(), found.end());
    } else {
      run_on(task, observers, session, warn_once);
    }
  }
  if (options.verify_diagnostics) {
    check_diagnostics(diagnostics, *model, options.model.file);
  }
}

int run_opt(const OptOptions& options, const Session& session) {
  const Pipeline pipeline = Pipeline::parse(options.passes, session.registry);
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  const Purpose purpose = purpose_of(options, workload);
  set_threads(workload.threads);
  if (const auto failure = earlier_failure()) {
    reproduce(*failure, {options.reproducers, options.crash_reproducer, pipeline, workload, purpose}, session);
    return 0;
  }
  check_output(options.output);
  check_crash_reproducer(options.crash_reproducer);
  check_different_files(options.json.given ? options.json.file : "", options.output);
  const OptObservers checked(options.observers, session, pipeline, {options.locations}); // its options, before any work
  const auto model = open_model(workload, pipeline, purpose, warn_once);
  check_verified(options, *model);
  run_on_all(options, workload, pipeline, model, session);
  return 0;
}

} // namespace

void add_opt(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "opt", "Run passes on a model or graph and write the result",
      "Prints the resulting graph, or writes a module that can be loaded to -o FILE.pt.\n"
      "The module is loaded fully, which runs its __setstate__, for passes that run operators (freeze, constant "
      "propagation), for profiled passes, with --compare and with -o FILE. Otherwise none of its code is run.");
  auto options = std::make_shared<OptOptions>();
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes,
                  "Passes in order: 'freeze{preserved-attrs=a;b},cse,dce'; `tsir passes` lists them")
      ->type_name("PASSES");
  sub->add_option(
         "-o", options->output,
         "FILE.pt: the module, checked by loading it back; FILE.ir: the graph as text, with the module that it needs")
      ->type_name("FILE");
  sub->add_flag("--locations", options->locations, "Show where in the source each node comes from");
  sub->add_flag("--elide", options->elide,
                "Leave large constants out of FILE.ir, and write none beside it: a text to look at");
  sub->add_flag("--no-graph", options->no_graph, "Leave the graph out: only what the analyses among the passes report");
  sub->add_flag("--verify-diagnostics", options->verify_diagnostics,
                "For tests: what is wrong with the text or a pass must be what the comments say: "
                "# expected-error {{part of the message}}, -warning; exit code 1 where not");
  sub->add_option(
         "--reproducers", options->reproducers,
         "Folder for what reproduces a failed or crashed pass: the unit before it, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  add_crash_reproducer(*sub, options->crash_reproducer);
  sub->add_option(
         "--run-reproducer", options->run_reproducer,
         "Do what such a file, or one that `tsir reduce` wrote, says in its first lines; takes the place of FILE")
      ->type_name("FILE.ir");
  options->observers.add_to(*sub);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  options->json.add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_opt(*options, session); }; });
}

} // namespace tsir::tool
