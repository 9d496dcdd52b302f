// tsir verify: proves, pass by pass, that a model still does what it did.
#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/reduce/crash_reproducer.h"
#include "lib/verify/report.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/proof_options.h"
#include "tools/tsir/reproduce.h"

#include <cstdio>

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
  if (!options.each) {
    if (passes.empty()) {
      throw Error(ErrorKind::usage, "give --passes, or --each for every pass by itself");
    }
    return {passes};
  }
  std::vector<Pipeline> all;
  if (passes.empty()) {
    for (const PassRow* row : registry.rows()) {
      all.push_back(Pipeline({PassUse{row, PassOptions(row->options)}}));
    }
  }
  for (const PassUse& use : passes.uses()) {
    all.push_back(Pipeline({use}));
  }
  return all;
}

void write_reproducers(std::vector<PassVerdict>& verdicts, const VerifyOptions& options, const Session& session,
                       const SweepSettings& settings) {
  if (options.reproducers.empty() || options.proof.model.file == "-") {
    return;
  }
  const ReproducerRequest request{.subcommand = "verify",
                                  .folder = options.reproducers,
                                  .file = options.proof.model.file,
                                  .file_arguments = text_arguments(options.proof.model),
                                  .arguments = options.proof.repeated(session),
                                  .start = options.proof.start,
                                  .registry = &session.registry};
  try {
    for (PassVerdict& verdict : verdicts) {
      if (is_failure(verdict)) {
        verdict.reproducer = write_reproducer(verdict, request, settings);
      }
    }
  } catch (const Error& error) { // a full disk must not cost the verdicts
    std::fprintf(stderr, "tsir: no reproducers: %s\n", error.what());
  }
}

// Of the first failure.
void write_crash_reproducer(const std::vector<PassVerdict>& verdicts, const VerifyOptions& options,
                            const Session& session) {
  const auto failure = std::ranges::find_if(verdicts, is_failure);
  if (options.crash_reproducer.empty() || failure == verdicts.end()) {
    return;
  }
  const ScratchFolder scratch("tsir");
  try {
    write_crash_reproducer(*failure, options.proof.start_request(session, Pipeline(), scratch.path()), session.plugins,
                           options.crash_reproducer);
    std::fprintf(stderr, "tsir: a reproducer of %s is in %s\n", failure->name.c_str(),
                 options.crash_reproducer.c_str());
  } catch (const Error& error) {
    std::fprintf(stderr, "tsir: %s was not written: %s\n", options.crash_reproducer.c_str(), error.what());
  }
}

std::vector<PassVerdict> verify_all(const std::vector<Pipeline>& all, const SweepSettings& settings) {
  std::vector<PassVerdict> verdicts;
  ProgressLine progress(std::chrono::milliseconds(0), all.size() > 1);
  for (size_t i = 0; i < all.size(); ++i) {
    progress.draw(fmt::format("[{}/{}] {}", i + 1, all.size(), all[i].text()));
    for (PassVerdict& verdict : verify_in_child(all[i], settings)) {
      verdicts.push_back(std::move(verdict));
    }
  }
  return verdicts;
}

nlohmann::ordered_json report(const VerifyOptions& options, const std::vector<PassVerdict>& verdicts, int code) {
  auto list = nlohmann::ordered_json::array();
  for (const PassVerdict& verdict : verdicts) {
    list.push_back(to_json(verdict));
  }
  return {{"schema", "tsir.verify/1"},
          {"file", options.proof.model.file},
          {"method", options.proof.model.method},
          {"start", options.proof.start},
          {"each", options.each},
          {"input_sets", options.proof.sets},
          {"calls", options.proof.calls},
          {"seed", options.proof.input.settings.seed},
          {"executor", options.proof.execution.executor_name},
          {"exit_code", code},
          {"passes", list}};
}

int run_verify(const VerifyOptions& options, const Session& session) {
  const std::vector<Pipeline> all = pipelines(options, session.registry);
  options.proof.check(session.registry);
  check_crash_reproducer(options.crash_reproducer);
  if (options.proof.model.file == "-") {
    Bytes::open(options.proof.model.file); // here, for all children: the first would leave nothing to the next
  }
  const c10::Device device = options.proof.execution.prepare();
  SweepSettings settings;
  settings.target = [&] { return options.proof.target(session.registry, device); };
  settings.limit = options.proof.pass_limit();
  check_start(settings);

  std::vector<PassVerdict> verdicts = verify_all(all, settings);
  write_reproducers(verdicts, options, session, settings);
  write_crash_reproducer(verdicts, options, session);
  const int code = exit_code(verdicts, /*refusals_are_fine=*/options.each && options.passes.empty());
  write_report(
      session, options.json, [&] { return report(options, verdicts, code); },
      [&] { return verdict_table(verdicts) + "\n" + verdict_summary(verdicts) + verdict_remarks(verdicts); });
  return code;
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
