// tsir verify: proves, pass by pass, that a model still does what it did.
#include "lib/core/error.h"
#include "lib/model/bytes.h"
#include "lib/verify/report.h"
#include "tools/tsir/reproduce.h"
#include "tools/tsir/tolerance.h"

#include <cstdio>
#include <unistd.h>

namespace tsir::tool {
namespace {

struct VerifyOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string passes;
  std::string start;
  bool each = false;
  size_t sets = 3;
  size_t calls = 2;
  std::vector<std::string> tolerance;
  double pass_seconds = 300;
  std::string reproducers = "tsir-reproducers";
};

bool same_values(const std::vector<c10::IValue>& a, const std::vector<c10::IValue>& b) {
  return compare(a, b).identical;
}

// The inputs of the command line under several seeds; fewer where the seed does not change them.
std::vector<std::vector<c10::IValue>> input_sets(const VerifyOptions& options, Unit& unit, c10::Device device) {
  std::vector<std::vector<c10::IValue>> sets;
  for (size_t i = 0; i < options.sets; ++i) {
    InputOptions input = options.input;
    input.settings.seed += i;
    sets.push_back(inputs_for(input, unit, device));
    if (i > 0 && same_values(sets[0], sets[i])) {
      sets.pop_back();
      break;
    }
  }
  return sets;
}

Pipeline parse_start(const VerifyOptions& options, const Registry& registry) {
  try {
    return Pipeline::parse(options.start, registry);
  } catch (const Error& error) { // which speaks of --passes
    std::string line = error.what();
    constexpr std::string_view name = "--passes";
    if (line.starts_with(name)) {
      line.replace(0, name.size(), "--start");
    }
    throw Error(error.kind(), line);
  }
}

VerifyTarget make_target(const VerifyOptions& options, const Registry& registry, c10::Device device) {
  const auto model = std::make_shared<OpenedModel>(options.model, OpenMode::load, device);
  VerifyTarget target;
  target.device = device;
  target.tolerance = parse_tolerances(options.tolerance);
  target.observe = {.input_sets = {},
                    .calls = options.calls,
                    .seed = options.input.settings.seed,
                    .executor = parse_executor(options.execution.executor_name),
                    .grad = options.execution.grad};
  Unit unit = model->unit();
  target.observe.input_sets = input_sets(options, unit, device);
  const Pipeline start = parse_start(options, registry);
  target.open = [model, start, device, sets = target.observe.input_sets] {
    Unit fresh = model->unit();
    start.run(fresh, {.inputs = &sets.front(), .device = device});
    return fresh;
  };
  return target;
}

// What a reproducer's command line needs besides file and passes.
std::string reproducer_arguments(const VerifyOptions& options, const Session& session) {
  std::vector<std::string> words = repeated_arguments(session, options.model, options.input, options.execution);
  for (const std::string& tolerance : options.tolerance) {
    words.push_back("--tolerance " + shell_quoted(tolerance));
  }
  words.push_back(fmt::format("--sets {} --calls {}", options.sets, options.calls));
  words.push_back("--executor " + options.execution.executor_name);
  return fmt::format("{}", fmt::join(words, " "));
}

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

bool wants_reproducer(Verdict verdict) {
  return verdict == Verdict::crashed || verdict == Verdict::failed || verdict == Verdict::broken ||
         verdict == Verdict::timed_out || verdict == Verdict::differs;
}

void write_reproducers(std::vector<PassVerdict>& verdicts, const VerifyOptions& options, const Session& session,
                       const SweepSettings& settings) {
  if (options.reproducers.empty() || options.model.file == "-") {
    return;
  }
  const ReproducerRequest request{.subcommand = "verify",
                                  .folder = options.reproducers,
                                  .file = options.model.file,
                                  .arguments = reproducer_arguments(options, session),
                                  .start = options.start,
                                  .registry = &session.registry};
  try {
    for (PassVerdict& verdict : verdicts) {
      if (wants_reproducer(verdict.verdict)) {
        verdict.reproducer = write_reproducer(verdict, request, settings);
      }
    }
  } catch (const Error& error) { // a full disk must not cost the verdicts
    std::fprintf(stderr, "tsir: no reproducers: %s\n", error.what());
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

std::vector<PassVerdict> verify_all(const std::vector<Pipeline>& all, const SweepSettings& settings) {
  std::vector<PassVerdict> verdicts;
  Progress progress(all.size());
  for (const Pipeline& pipeline : all) {
    progress.step(pipeline.text());
    for (PassVerdict& verdict : verify_in_child(pipeline, settings)) {
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
          {"file", options.model.file},
          {"method", options.model.method},
          {"start", options.start},
          {"each", options.each},
          {"input_sets", options.sets},
          {"calls", options.calls},
          {"seed", options.input.settings.seed},
          {"executor", options.execution.executor_name},
          {"exit_code", code},
          {"passes", list}};
}

int run_verify(const VerifyOptions& options, const Session& session) {
  const std::vector<Pipeline> all = pipelines(options, session.registry);
  parse_tolerances(options.tolerance);
  parse_start(options, session.registry);
  if (options.model.file == "-") {
    Bytes::open(options.model.file); // here, for all children: the first would leave nothing to the next
  }
  const c10::Device device = options.execution.prepare();
  SweepSettings settings;
  settings.target = [&] { return make_target(options, session.registry, device); };
  settings.limit = std::chrono::nanoseconds(static_cast<int64_t>(std::min(options.pass_seconds, 1e9) * 1e9));
  check_start(settings);

  std::vector<PassVerdict> verdicts = verify_all(all, settings);
  write_reproducers(verdicts, options, session, settings);
  const int code = exit_code(verdicts, /*refusals_are_fine=*/options.each && options.passes.empty());
  if (options.json.given) {
    write_json(session, report(options, verdicts, code), options.json.file);
  }
  if (!options.json.given || options.json.file != "-") {
    write_results(session, verdict_table(verdicts) + "\n" + verdict_summary(verdicts) + verdict_remarks(verdicts));
  }
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
  options->model.add_to(*sub, "A .pt module or .ir graph");
  sub->add_option("-p,--passes", options->passes, "Passes in order; with --each, each of them by itself")
      ->type_name("PASSES");
  sub->add_flag("--each", options->each, "Every pass by itself on the start: those of --passes, or all there are");
  sub->add_option("--start", options->start, "Passes that make the start: 'freeze' to prove passes on a frozen model")
      ->type_name("PASSES");
  sub->add_option("--sets", options->sets, "Sets of inputs, each with a seed of its own")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  sub->add_option("--calls", options->calls, "Calls of each set, one after the other: a second call may differ")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  sub->add_option("--tolerance", options->tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  sub->add_option("--pass-time-limit", options->pass_seconds, "Give up on a pass, or on a pipeline, after this")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
  sub->add_option("--reproducers", options->reproducers,
                  "Folder for what reproduces a failure: the unit before the pass, and the command; '' for none")
      ->type_name("DIR")
      ->capture_default_str();
  options->input.add_to(*sub);
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_verify(*options, session); }; });
}

} // namespace tsir::tool
