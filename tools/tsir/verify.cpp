// tsir verify: proves, pass by pass, that a model still does what it did.
#include "lib/base/error.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/verify/job.h"
#include "lib/verify/report.h"
#include "tools/tsir/workload_options.h"
#include "tools/tsir/reproduce.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

struct VerifyOptions {
  ProofOptions proof;
  JsonOption json;
  std::string passes;
  bool each = false;
  std::string reproducers = "tsir-reproducers";
  std::string crash_reproducer;
};

std::vector<Pipeline> pipelines(const VerifyOptions& options, const Registry& registry) {
  const Pipeline passes = Pipeline::parse(options.passes, registry);
  if (!options.each && passes.empty()) {
    throw Error(ErrorKind::usage, "give --passes, or --each for every pass by itself");
  }
  return options.each ? each_of(passes.empty() ? every_pass(registry) : passes) : std::vector{passes};
}

// Of the first failure.
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

// A line on a terminal that says how far a sweep is.
class Progress {
public:
  explicit Progress(size_t count) : count_(count), shown_(::isatty(STDERR_FILENO) != 0 && count > 1) {}
  void step(const std::string& name) {
    ++done_;
    if (shown_) {
      std::fprintf(stderr, "\r\033[K[%zu/%zu] %s", done_, count_, name.c_str());
    }
  }
  ~Progress() {
    if (shown_) {
      std::fputs("\r\033[K", stderr);
    }
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

private:
  size_t count_;
  size_t done_ = 0;
  bool shown_;
};

int run_verify(const VerifyOptions& options, const Session& session) {
  const VerifyJob job{.workload = options.proof.workload(session),
                      .registry = &session.registry,
                      .pipelines = pipelines(options, session.registry),
                      .limit = options.proof.pass_limit(),
                      .refusals_are_fine = options.each && options.passes.empty(),
                      .reproducers = options.reproducers};
  check_crash_reproducer(options.crash_reproducer);
  VerifyOutcome outcome;
  {
    Progress progress(job.pipelines.size());
    outcome = verify(job, {.begin = [&](const Pipeline& pipeline) { progress.step(pipeline.text()); },
                           .warn = [](const std::string& line) { std::fprintf(stderr, "tsir: %s\n", line.c_str()); }});
  }
  write_crash_reproducer(job, outcome.verdicts, options.crash_reproducer);
  write_report(
      session, options.json, [&] { return to_json(job, outcome, options.each); },
      [&] {
        return verdict_table(outcome.verdicts) + "\n" + verdict_summary(outcome.verdicts) +
               verdict_remarks(outcome.verdicts);
      });
  return outcome.exit_code;
}

} // namespace

void add_verify(CLI::App& app, Command& command) {
  auto* sub = app.add_subcommand(
      "verify",
      "Prove, pass by pass, that a model still does what it did: after each pass the graph is checked and run\n"
      "on several seeded inputs, several calls each, and outputs, mutated inputs, buffers, strides and shared\n"
      "storage are compared with those of the start. Passes run in child processes: one that crashes is a row");
  auto options = std::make_shared<VerifyOptions>();
  options->proof.model.add_to(*sub, "A .pt module or .ir graph");
  sub->add_option("-p,--passes", options->passes, "Passes in order; with --each, each of them by itself")
      ->type_name("PASSES");
  sub->add_flag("--each", options->each, "Every pass by itself on the start: those of --passes, or all there are");
  options->proof.add_to(*sub);
  sub->add_option("--reproducers", options->reproducers,
                  "Folder for what reproduces a failure: the unit before the pass, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  add_crash_reproducer(*sub, options->crash_reproducer);
  options->proof.input.add_to(*sub);
  options->proof.execution.add_to(*sub);
  options->json.add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_verify(*options, session); }; });
}

} // namespace tsir::tool
