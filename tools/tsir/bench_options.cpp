#include "tools/tsir/bench_options.h"

namespace tsir::tool {
namespace {

constexpr const char* measuring_group = "Measuring";

void add_protocol(CLI::App& app, ProtocolSettings& protocol) {
  app.add_option("--max-time", protocol.max_seconds,
                 "Maximum time for the whole bench; the shortest possible measurement is always completed")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(measuring_group);
  app.add_option("--rounds", protocol.rounds,
                 "Perform exactly N rounds, each with fresh instances of all variants (default: up to 24, until every "
                 "verdict is reached)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(measuring_group);
  app.add_option("--blocks", protocol.blocks,
                 "Number of balanced blocks in a round (default: up to 36, as time allows)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(measuring_group);
  app.add_option("--warmup-max", protocol.warmup.max_seconds, "Maximum time to wait for a variant's times to settle")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(measuring_group);
}

void add_verdicts(CLI::App& app, BenchOptions& options) {
  app.add_option("--band", options.band_percent,
                 "Equivalence band, in percent: a difference inside it is SAME, beyond it FASTER or SLOWER")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.01, 10000.0))
      ->capture_default_str()
      ->group(measuring_group);
  app.add_flag("--percentiles", options.percentiles, "Show p50, p90, p99, p99.9 and the longest call")
      ->group(measuring_group);
  app.add_flag("--no-control", options.no_control,
               "Leave out the control, a second instance of the baseline that must show no difference")
      ->group(measuring_group);
  auto* fail_on =
      app.add_option("--fail-on", options.fail_on, "Exit with code 1 if a variant is SLOWER than the baseline")
          ->check(CLI::IsMember({"slower"}))
          ->type_name("VERDICT")
          ->group(measuring_group);
  app.add_flag("--strict", options.strict, "With --fail-on: also exit with code 1 if a verdict is INCONCLUSIVE")
      ->needs(fail_on)
      ->group(measuring_group);
}

void add_operators(CLI::App& app, BenchOptions& options) {
  // A flag with a value takes it after '=' only, so that `--ops m.pt` keeps m.pt for FILE.
  auto* option = app.add_flag_function(
      "--ops{10}", [](int64_t) {},
      "After timing, profile which operators the gain comes from, and show the N that differ most; takes up to half of "
      "--max-time more");
  option->option_text("N")->check(CLI::Range(1, 100000))->group(measuring_group);
  option->each([&options](const std::string& text) {
    options.ops = true;
    options.ops_rows = std::atoi(text.c_str()); // checked before
  });
}

} // namespace

void BenchOptions::add_to(CLI::App& app) {
  model.add_to(app, "A .pt or .ff module, or .ir graph; - for standard input");
  app.add_option("-p,--passes", passes, "Passes to run, in order: 'freeze,fuse'; `tsir passes` lists them")
      ->type_name("PASSES");
  app.add_flag("--each", settings.each,
               "Time each pass alone on the starting unit: the passes of --passes, or all but those "
               "that lower the precision of results");
  app.add_option("--start", start,
                 "Passes that make the starting unit, which the variants are compared with: --start freeze")
      ->type_name("PASSES");
  app.add_option(
         "--against", against,
         "Another module to use as the baseline, such as an older version; timed in the same blocks and compared")
      ->type_name("FILE");
  app.add_flag("--no-compare", no_compare, "Do not compare outputs with those of the starting unit");
  app.add_option("--tolerance", tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  app.add_flag("--force", settings.force, "Time variants even if they execute the same graph");
  app.add_flag("--allow-interpreted-nnc", settings.check.allow_interpreted_nnc,
               "Time NNC fusion groups even if an interpreter runs them");
  add_protocol(app, settings.protocol);
  add_verdicts(app, *this);
  train.add_to(app);
  baseline.add_to(app);
  add_operators(app, *this);
  input.add_to(app);
  execution.add_to(app, /*with_executor=*/true, /*with_threads=*/false);
  sweep.add_to(app);
  json.add_to(app);
  exports.add_to(app);
  rivals.add_to(app);
}

} // namespace tsir::tool
