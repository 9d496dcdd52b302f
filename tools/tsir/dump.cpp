// tsir dump: shows what a model file contains.
#include "lib/archive/model_bytes.h"
#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/dump/extra_file.h"
#include "lib/dump/lite_operators.h"
#include "lib/dump/view.h"
#include "lib/model/load/load.h"
#include "lib/process/phase.h"
#include "lib/run/threads.h"
#include "lib/workload/batch_probe.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct DumpOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  DumpSettings settings;
  std::string extra;
  std::string format = "text";
  bool no_inline = false;
  bool optimized = false;
  DumpOptions() { execution.executor_name = "profiling"; }
};

DumpView view_of_optimized(const DumpOptions& options, const DumpSettings& settings, const Session& session) {
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  set_threads(workload.threads);
  const Prepared prepared = prepare(workload, Pipeline(), {.run = true}, warn_once);
  return view_of_plan(prepared.unit, workload.source.file, workload.executor, workload.grad, *prepared.inputs(),
                      settings);
}

DumpView view_of(const DumpOptions& options, const Session& session) {
  DumpSettings settings = options.settings;
  settings.method = options.model.method;
  settings.inline_calls = !options.no_inline;
  settings.always_summary = options.json.given;
  settings.time_limit = nanoseconds_of(options.model.load_seconds);
  chosen_sections(settings); // rejects an unknown section before anything is read
  if (options.optimized) {
    return view_of_optimized(options, settings, session);
  }
  const Phase phase("opening " + options.model.file);
  load_libraries(options.model.libraries);
  const ReadSettings reading{parse_fill_constants(options.model.fill_constants), options.model.graph, warn_once};
  DumpView view = view_of_file(open_model_bytes(options.model.file), reading, settings);
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  if (view.summary && gives_inputs(workload)) {
    set_threads(workload.threads);
    view.summary->sizes = probe_batch(workload, warn_once);
  }
  return view;
}

// These print nothing else, so nothing else may be asked for.
void check_alone(const DumpOptions& options) {
  const char* alone = !options.extra.empty() ? "--extra" : options.format == "yaml" ? "--format yaml" : nullptr;
  const bool more = !options.settings.sections.empty() || options.json.given || options.optimized ||
                    !options.model.method.empty() || (!options.extra.empty() && options.format == "yaml");
  if (alone != nullptr && more) {
    throw Error(ErrorKind::usage,
                fmt::format("{} cannot be combined with --extra, --format, --show, --method, --json or "
                            "--optimized",
                            alone));
  }
}

int run_dump(const DumpOptions& options, const Session& session) {
  check_alone(options);
  if (!options.extra.empty()) {
    write_results(session, extra_file(open_model_bytes(options.model.file), options.extra));
    return 0;
  }
  if (options.format == "yaml") {
    load_libraries(options.model.libraries);
    write_results(
        session, lite_operators_yaml(open_model_bytes(options.model.file), nanoseconds_of(options.model.load_seconds)));
    return 0;
  }
  const DumpView view = view_of(options, session);
  for (const std::string& note : view.notes) {
    std::fprintf(stderr, "tsir: %s\n", printable(note).c_str());
  }
  write_report(
      session, options.json, [&] { return dump_json(view); }, [&] { return dump_text(view); });
  if (!view.problem.empty()) {
    throw Error(view.problem_kind, view.problem);
  }
  return 0;
}

} // namespace

void add_dump(CLI::App& app, Command& command) {
  auto* sub =
      add_subcommand(app, "dump", "Show what a model file contains",
                     "By default, prints a summary (what the model needs and does, its methods, weights and "
                     "operators) and the graph of the method. None of the model's code is run, except with "
                     "--input, which runs it on the inputs and on twice as many, to see whether their number is "
                     "fixed, and with --optimized.");
  auto options = std::make_shared<DumpOptions>();
  DumpSettings& settings = options->settings;
  options->model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  sub->add_option("-s,--show", settings.sections,
                  fmt::format("Sections to show, separated by commas: {}, or all (default: summary,graph)",
                              fmt::join(dump_sections(), ", ")))
      ->delimiter(',')
      ->type_name("SECTION")
      ->allow_extra_args(false);
  sub->add_option("--extra", options->extra,
                  "Print nothing but the contents of an extra file that is stored beside the module")
      ->type_name("NAME");
  sub->add_option("--format", options->format,
                  "text, or yaml: print nothing but the operators of all methods with their overloads, as a selective "
                  "build of LibTorch for its lite interpreter takes them")
      ->check(CLI::IsMember({"text", "yaml"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  sub->add_flag("--no-inline", options->no_inline,
                "Show calls as they are, and the graphs of the called functions after the graph");
  sub->add_flag("--locations", settings.locations, "Show the source location of each node");
  sub->add_flag("--values", settings.values, "Show the values of attributes and constants; long ones are shortened");
  sub->add_flag("--optimized", options->optimized,
                "Run the method on inputs, and show the graph that LibTorch's executor has compiled for it");
  options->input.add_to(*sub);
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  set_command(*sub, command, options, run_dump);
}

} // namespace tsir::tool
