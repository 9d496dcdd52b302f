// tsir verify: checks after each pass that a model still computes what it did before.
#include "lib/base/error.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/verify/job.h"
#include "lib/verify/report.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct VerifyOptions {
  ProofOptions proof;
  JsonOption json;
  std::string passes;
  bool each = false;
  size_t at_once = 0;
  std::string reproducers = "tsir-reproducers";
  std::string crash_reproducer;
};

std::vector<Pipeline> pipelines(const VerifyOptions& options, const Registry& registry) {
  const Pipeline passes = Pipeline::parse(options.passes, registry);
  if (!options.each && passes.empty()) {
    throw Error(ErrorKind::usage, "give --passes, or --each to verify every pass on its own");
  }
  return options.each ? each_of(passes.empty() ? every_pass(registry) : passes) : std::vector{passes};
}

// Writes the crash reproducer of the first failure.
void write_crash_reproducer(const VerifyJob& job, const std::vector<PassVerdict>& verdicts, const std::string& file) {
  const auto failure = std::ranges::find_if(verdicts, is_failure);
  if (file.empty() || failure == verdicts.end()) {
    return;
  }
  try {
    write_crash_reproducer(*failure, job.workload, *job.registry, job.limit, file);
    std::fprintf(stderr, "tsir: a reproducer of %s is in %s\n", failure->name.c_str(), file.c_str());
  } catch (const Error& error) {
    std::fprintf(stderr, "tsir: %s was not written: %s\n", file.c_str(), error.what());
  }
}

int run_verify(const VerifyOptions& options, const Session& session) {
  const VerifyJob job{.workload = options.proof.workload(session),
                      .registry = &session.registry,
                      .pipelines = pipelines(options, session.registry),
                      .at_once = options.at_once,
                      .limit = options.proof.pass_limit(),
                      .refusals_are_fine = options.each && options.passes.empty(),
                      .found_by = session.given.line(),
                      .reproducers = options.reproducers};
  check_crash_reproducer(options.crash_reproducer, {job.workload.source.file, options.json.file});
  VerifyOutcome outcome;
  {
    const size_t count = job.pipelines.size();
    ProgressLine progress(std::chrono::milliseconds(0), count > 1);
    size_t begun = 0;
    outcome = verify(job, {.begin =
                               [&](const Pipeline& pipeline) {
                                 progress.draw(fmt::format("[{}/{}] {}", ++begun, count, pipeline.text()));
                               },
                           .warn = [](const std::string& line) { std::fprintf(stderr, "tsir: %s\n", line.c_str()); }});
  }
  write_crash_reproducer(job, outcome.verdicts, options.crash_reproducer);
  write_report(
      session, options.json, [&] { return to_json(job, outcome, options.each); },
      [&] {
        return verdict_table(outcome.verdicts) + "\n" + verdict_summary(outcome.verdicts) +
               verdict_remarks(outcome.verdicts) + (session.verbose ? cost_line(outcome.cost) : "");
      });
  return outcome.exit_code;
}

} // namespace

void add_verify(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "verify", "Check that passes do not change what a model computes",
      "After each pass, the graph is checked and run on several sets of seeded inputs, with several calls for each. "
      "Outputs, mutated inputs, buffers, strides and shared storage are compared with those of the start. Passes run "
      "in child processes, so that a pass that crashes is reported like any other failure.");
  auto options = std::make_shared<VerifyOptions>();
  options->proof.model.add_to(*sub, "A .pt or .ff module, or .ir graph");
  sub->add_option("-p,--passes", options->passes, "Passes to run, in order; with --each, each of them on its own")
      ->type_name("PASSES");
  sub->add_flag("--each", options->each,
                "Verify each pass on its own, from the start: the passes of --passes, or all but those "
                "that lower the precision of results");
  sub->add_option("-j,--jobs", options->at_once,
                  "With --each: passes to verify at the same time (default: the cores divided by the threads of an "
                  "operator, or fewer if memory is short)")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1024}));
  options->proof.add_to(*sub);
  sub->add_option("--reproducers", options->reproducers,
                  "Folder for reproducers of failures: the unit before the pass, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  add_crash_reproducer(*sub, options->crash_reproducer);
  options->proof.input.add_to(*sub);
  options->proof.execution.add_to(*sub);
  options->json.add_to(*sub);
  set_command(*sub, command, options, run_verify);
}

} // namespace tsir::tool
