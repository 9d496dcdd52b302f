// tsir diff: shows the differences between two graphs, which are matched by structure.
#include "lib/base/error.h"
#include "lib/diff/job.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

namespace tsir::tool {
namespace {

struct DiffOptions {
  ModelOptions model;
  std::string passes;
  std::string other_file;   // "" for the same one
  std::string other_method; // likewise
  std::string other_passes;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  bool no_types = false;
  bool no_inline = false;
  bool quiet = false;
};

DiffJob job_of(const DiffOptions& options, const Session& session) {
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  DiffJob job{.before = workload,
              .before_passes = Pipeline::parse(options.passes, session.registry),
              .after = workload,
              .after_passes = Pipeline::parse(options.other_passes, session.registry, Setting::other_passes),
              .inline_calls = !options.no_inline,
              .settings = {.types = !options.no_types}};
  if (!options.other_file.empty()) {
    job.after.source.file = options.other_file;
  }
  if (!options.other_method.empty()) {
    job.after.source.method = options.other_method;
  }
  return job;
}

int run_diff(const DiffOptions& options, const Session& session) {
  const DiffReport report = tsir::diff(job_of(options, session), warn_once);
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
  options->model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  sub->add_option("OTHER", options->other_file, "The file to compare with (default: the same file)")->option_text(" ");
  sub->add_option("-p,--passes", options->passes, "Passes to run on FILE first")->type_name("PASSES");
  sub->add_option("--other-passes", options->other_passes, "Passes to run on OTHER first")->type_name("PASSES");
  sub->add_option("--other-method", options->other_method, "Method of OTHER (default: that of FILE)")
      ->type_name("NAME");
  sub->add_flag("--no-types,!--types", options->no_types, "Ignore values that differ in their types alone");
  sub->add_flag("--no-inline", options->no_inline, "Compare the methods' own graphs, with calls as nodes");
  sub->add_flag("-q,--quiet", options->quiet, "Print nothing; only set the exit code");
  options->json.add_to(*sub);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  set_command(*sub, command, options, run_diff);
}

} // namespace tsir::tool
