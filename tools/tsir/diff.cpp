// tsir diff: shows the differences between two graphs, which are matched by structure.
#include "lib/base/error.h"
#include "lib/diff/units.h"
#include "lib/run/threads.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {
namespace {

// One side of the comparison.
struct Side {
  std::string file;
  std::string method;
  std::string passes;
};

struct DiffOptions {
  ModelOptions model;
  Side other; // its file is "" for the same one
  std::string passes;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  DiffSettings settings;
  bool inline_calls = true;
  bool quiet = false;
};

struct Opened {
  Unit unit;
  std::string name;
};

Opened open_side(Workload workload, const Side& side, const Pipeline& pipeline) {
  workload.source.file = side.file;
  workload.source.method = side.method;
  Prepared prepared = prepare(workload, pipeline, {}, warn_once);
  std::string name = side_name(side.file, prepared.unit, pipeline.empty() ? "" : pipeline.text());
  pipeline.run(prepared.unit, prepared.run_settings());
  return {std::move(prepared.unit), std::move(name)};
}

int run_diff(const DiffOptions& options, const Session& session) {
  const Side before{options.model.file, options.model.method, options.passes};
  Side after = options.other;
  after.file = after.file.empty() ? before.file : after.file;
  after.method = after.method.empty() ? before.method : after.method;
  if (before.file == "-" && after.file == "-") {
    throw Error(ErrorKind::usage, "standard input can be read once: give the other graph as a file");
  }
  const Pipeline one = Pipeline::parse(before.passes, session.registry);
  const Pipeline other = Pipeline::parse(after.passes, session.registry, Setting::other_passes);
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  set_threads(workload.threads);
  const Opened first = open_side(workload, before, one);
  const Opened second = open_side(workload, after, other);
  const DiffReport report =
      diff_units({first.unit, first.name}, {second.unit, second.name}, options.inline_calls, options.settings);
  if (!options.json.takes_output() && !options.quiet) {
    write_results(session, diff_text(report, session.color));
  }
  if (options.json.given) {
    write_json(session, diff_json(report), options.json.file);
  }
  return report.empty() ? 0 : static_cast<int>(ErrorKind::check);
}

} // namespace

void add_diff(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "diff", "Show the differences between two graphs, or between two stages of one",
      "Nodes are matched by structure: they are added, removed, or changed in inputs, attributes or types. Values that "
      "only moved or have other names are not differences. Attributes of modules are compared as well.\n"
      "None of the model's code is run, unless a pass runs operators. Exit code 1: the graphs differ.");
  auto options = std::make_shared<DiffOptions>();
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("OTHER", options->other.file, "Module or graph to compare with (default: the same file)")
      ->option_text(" ");
  sub->add_option("-p,--passes", options->passes, "Passes to run on FILE first")->type_name("PASSES");
  sub->add_option("--other-passes", options->other.passes, "Passes to run on OTHER first")->type_name("PASSES");
  sub->add_option("--other-method", options->other.method, "Method of OTHER (default: that of FILE)")
      ->type_name("NAME");
  sub->add_flag("--no-types{false},--types{true}", options->settings.types,
                "Ignore differences that are only in the types of values");
  sub->add_flag("--no-inline{false}", options->inline_calls, "Compare the methods' own graphs, with calls as nodes");
  sub->add_flag("-q,--quiet", options->quiet, "Print no differences; only set the exit code");
  options->json.add_to(*sub);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_diff(*options, session); }; });
}

} // namespace tsir::tool
