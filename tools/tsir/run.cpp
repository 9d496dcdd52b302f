// tsir run: runs one method on inputs, and shows or saves what comes out.
#include "lib/workload/run_job.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct RunOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string passes;
  std::string output;
  size_t runs = 1;
};

int run_run(const RunOptions& options, const Session& session) {
  const RunJob job{.workload = make_workload(session, options.model, options.input, options.execution),
                   .passes = Pipeline::parse(options.passes, session.registry),
                   .runs = options.runs,
                   .output = options.output};
  check_different_files(options.json, options.output);
  const RunOutcome outcome = tsir::run(job, warn_once);
  if (!job.output.empty()) {
    std::fprintf(stderr, "tsir: wrote %s; read it with torch.load\n", job.output.c_str());
  }
  write_report(
      session, options.json, [&] { return to_json(job, outcome); }, [&] { return to_text(job, outcome); });
  return 0;
}

} // namespace

void add_run(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(app, "run", "Run a model or graph on example inputs",
                             "Prints a summary of the outputs and the run time. With -o, saves the complete outputs.\n"
                             "The module is loaded fully, which runs its __setstate__, and the method itself is run.");
  auto options = std::make_shared<RunOptions>();
  options->model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes, "Passes to run first: 'freeze,fuse'")->type_name("PASSES");
  options->input.add_to(*sub);
  sub->add_option("-n,--runs", options->runs, "Number of runs; the outputs shown are those of the first")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}))
      ->capture_default_str();
  sub->add_option("-o", options->output, "Save the outputs to a file for torch.load")->type_name("FILE.pt");
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  set_command(*sub, command, options, run_run);
}

} // namespace tsir::tool
