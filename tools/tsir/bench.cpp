// tsir bench: times a model before and after every pass.
#include "lib/core/error.h"
#include "lib/core/output_file.h"
#include "lib/core/phase.h"
#include "lib/measure/preflight.h"
#include "lib/measure/report.h"
#include "tools/tsir/bench_progress.h"
#include "tools/tsir/open_unit.h"
#include "tools/tsir/tolerance.h"

#include <cstdio>
#include <malloc.h>
#include <unistd.h>

namespace tsir::tool {
namespace {

struct BenchOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string passes;
  std::string start;
  BenchSettings settings;
  bool no_compare = false;
  std::vector<std::string> tolerance;
};

// glibc gives memory back to the system between runs and takes it again, which makes identical graphs differ by 15 to
// 35 %. To be called before anything is loaded.
void keep_memory() {
  constexpr int largest_threshold = 32 << 20; // the most that glibc accepts
  ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

// Every pass by itself, with its defaults, but for those that this device cannot run.
Pipeline all_registered(const Registry& registry, c10::Device device) {
  std::vector<PassUse> uses;
  for (const PassRow* row : registry.rows()) {
    const bool needs_cuda = std::count(row->needs.begin(), row->needs.end(), Need::cuda) > 0;
    // What cannot be run, or not with the same inputs and outputs, is not timed.
    const bool timeable = row->kind != PassKind::analysis && row->executable && row->keeps_interface;
    if (timeable && (!needs_cuda || device.is_cuda())) {
      uses.push_back({row, PassOptions(row->options)});
    }
  }
  return Pipeline(std::move(uses));
}

// How many variants fit into half of the free memory: an instance may need three times the file while it is frozen.
size_t fitting_arms(const BenchOptions& options, const Environment& environment) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(options.model.file, failed);
  if (failed || bytes == 0 || environment.memory_available == 0) {
    return options.settings.most_arms;
  }
  const size_t fitting = environment.memory_available / 2 / (3 * bytes);
  return std::clamp<size_t>(fitting, 3, options.settings.most_arms);
}

std::vector<VariantSpec> variants_of(const BenchOptions& options, const Session& session, c10::Device device) {
  const Pipeline start = Pipeline::parse(options.start, session.registry);
  const Pipeline passes = Pipeline::parse(options.passes, session.registry);
  if (!options.settings.each) {
    return prefix_variants(start, passes);
  }
  return single_variants(start, passes.empty() ? all_registered(session.registry, device) : passes);
}

BenchSettings settings_of(const BenchOptions& options, const Environment& environment) {
  BenchSettings settings = options.settings;
  settings.check.compare = !options.no_compare;
  settings.check.tolerance = parse_tolerances(options.tolerance);
  settings.check.stop_at_failed_pass = !settings.each;
  settings.protocol.seed = options.input.settings.seed;
  settings.most_arms = fitting_arms(options, environment);
  return settings;
}

BenchTarget target_of(const BenchOptions& options, const OpenedModel& model, c10::Device device) {
  BenchTarget target;
  target.open = [&model] { return model.unit(); };
  target.device = device;
  target.executor = parse_executor(options.execution.executor_name);
  target.grad = options.execution.grad;
  target.seed = options.input.settings.seed;
  Unit unit = model.unit();
  target.method = unit.name();
  target.inputs = inputs_for(options.input, unit, device);
  return target;
}

// 0 fine, 1 outputs differ, 4 a pass failed or left a graph that does not run. In a sweep over all passes, those that
// cannot do anything with the model are expected: they are rows, not failures.
int exit_code(const BenchResult& result, const BenchOptions& options) {
  const bool sweep = options.settings.each && options.passes.empty();
  int code = 0;
  for (const CheckedVariant& variant : result.variants) {
    if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed) {
      code = sweep ? code : static_cast<int>(ErrorKind::pass);
    } else if (variant.state == VariantState::wrong && code == 0) {
      code = static_cast<int>(ErrorKind::check);
    }
  }
  return result.interrupted ? 128 + StopSignal::received() : code;
}

// A later call of the baseline may fail although its first ones did not: then there is nothing to report against.
void check_baseline(const BenchResult& result) {
  if (result.variants[0].state == VariantState::run_failed) {
    throw Error(ErrorKind::check, fmt::format("{}: {}", result.variants[0].spec.name, result.variants[0].detail));
  }
}

void print_failures(const BenchResult& result) {
  for (const CheckedVariant& variant : result.variants) {
    if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed ||
        variant.state == VariantState::wrong) {
      std::fprintf(stderr, "tsir: error: %s: %s\n", variant.spec.name.c_str(), variant.detail.c_str());
    }
  }
}

BenchResult measure_with_progress(const std::function<BenchTarget()>& make_target, std::vector<VariantSpec> specs,
                                  const BenchSettings& settings, const Session& session) {
  const StopSignal stop;
  ProgressBar bar(::isatty(STDERR_FILENO) != 0, session.color_stderr);
  SteadyClock clock;
  const Hooks hooks{[] { return StopSignal::received() != 0; }, [&](const Progress& progress) { bar.draw(progress); }};
  if (settings.each) { // one bad pass must not end the sweep over the others
    constexpr std::chrono::minutes limit(5);
    mark_crashing(specs, make_target, limit, hooks);
  }
  return run_bench(make_target(), specs, settings, clock, hooks);
}

int run(const BenchOptions& options, const Session& session) {
  keep_memory();
  const Executor executor = parse_executor(options.execution.executor_name);
  if (options.json.given && options.json.file != "-") {
    check_writable(options.json.file);
  }
  const c10::Device device = options.execution.prepare();
  const std::vector<VariantSpec> specs = variants_of(options, session, device);
  const Environment environment = read_environment(); // before our own work shows in the load
  const BenchSettings settings = settings_of(options, environment);
  const OpenedModel model(options.model, OpenMode::load, device);
  const Phase phase(fmt::format("benching {}", options.model.file));

  std::string method;
  const auto make_target = [&] {
    BenchTarget target = target_of(options, model, device);
    method = target.method;
    return target;
  };
  const BenchResult result = measure_with_progress(make_target, specs, settings, session);
  check_baseline(result);
  const BenchContext context{options.model.file, method,   options.passes, "tsir",
                             device.str(),       executor, settings,       environment};
  const bool json_only = options.json.given && options.json.file == "-";
  if (!json_only) {
    write_results(session, report_text(result, context));
  }
  const int code = exit_code(result, options);
  // On a terminal the report has said it already.
  if (code != 0 && (json_only || ::isatty(session.results_fd) == 0)) {
    print_failures(result);
  }
  if (options.json.given) {
    write_json(session, report_json(result, context), options.json.file);
  }
  return code;
}

void add_protocol(CLI::App& app, ProtocolSettings& protocol) {
  const char* group = "Measuring";
  app.add_option("--max-time", protocol.max_seconds,
                 "Seconds that all may take; the shortest possible measurement is finished")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(group);
  app.add_option("--rounds", protocol.rounds,
                 "Rounds, each with fresh instances of all variants (default: up to 5, as time allows)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(group);
  app.add_option("--blocks", protocol.blocks, "Balanced blocks in a round (default: up to 12, as time allows)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(group);
  app.add_option("--warmup-max", protocol.warmup.max_seconds,
                 "Give up waiting for a variant's times to settle after so long")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(group);
}

} // namespace

void add_bench(CLI::App& app, Command& command) {
  auto* sub = app.add_subcommand(
      "bench",
      "Time a model before and after every pass of --passes, or with each pass alone (--each).\n"
      "All variants take turns in balanced random order, in several rounds of fresh instances. Graphs that execute "
      "the same are recognised and not timed; outputs are compared first. The module is loaded fully, which runs "
      "its __setstate__. Exit code 1: outputs differ; 4: a pass failed");
  auto options = std::make_shared<BenchOptions>();
  BenchSettings& settings = options->settings;
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes, "Passes in order: 'freeze,fuse'; `tsir passes` lists them")
      ->type_name("PASSES");
  sub->add_flag("--each", settings.each, "Each pass alone on the starting unit: those of --passes, else all there are");
  sub->add_option("--start", options->start,
                  "Passes that make the starting unit, which all is compared with: --start freeze")
      ->type_name("PASSES");
  sub->add_flag("--no-compare", options->no_compare, "Do not compare outputs with those of the starting unit");
  sub->add_option("--tolerance", options->tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  sub->add_flag("--force", settings.force, "Time variants that execute the same graph all the same");
  sub->add_flag("--allow-interpreted-nnc", settings.check.allow_interpreted_nnc,
                "Time NNC fusion groups even where an interpreter runs them");
  add_protocol(*sub, settings.protocol);
  options->input.add_to(*sub);
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run(*options, session); }; });
}

} // namespace tsir::tool
