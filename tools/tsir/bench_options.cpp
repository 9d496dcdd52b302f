#include "tools/tsir/bench_options.h"

namespace tsir::tool {
namespace {

constexpr const char* measuring_group = "Measuring";

void add_protocol(CLI::App& app, ProtocolSettings& protocol) {
  app.add_option("--max-time", protocol.max_seconds,
                 "Seconds that all may take; the shortest possible measurement is finished")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(measuring_group);
  app.add_option("--rounds", protocol.rounds,
                 "Exactly so many rounds, each with fresh instances of all variants (default: up to 24, until every "
                 "verdict is in)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(measuring_group);
  app.add_option("--blocks", protocol.blocks, "Balanced blocks in a round (default: up to 12, as time allows)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group(measuring_group);
  app.add_option("--warmup-max", protocol.warmup.max_seconds,
                 "Give up waiting for a variant's times to settle after so long")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(measuring_group);
}

void add_verdicts(CLI::App& app, BenchOptions& options) {
  app.add_option("--band", options.band_percent,
                 "What is as good as no difference, in %: FASTER and SLOWER lie beyond it, SAME inside")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.01, 10000.0))
      ->capture_default_str()
      ->group(measuring_group);
  app.add_flag("--percentiles", options.percentiles, "Show p50, p90, p99, p99.9 and the longest call")
      ->group(measuring_group);
  app.add_flag("--no-control", options.no_control,
               "Leave out the control: a second instance of the baseline, which must come out the same")
      ->group(measuring_group);
  app.add_flag("--no-shaking", options.no_shaking, "Do not let tensors begin at random places in memory")
      ->group(measuring_group);
  auto* fail_on =
      app.add_option("--fail-on", options.fail_on, "slower: exit with 1 where a variant is SLOWER than the baseline")
          ->check(CLI::IsMember({"slower"}))
          ->type_name("VERDICT")
          ->group(measuring_group);
  app.add_flag("--strict", options.strict, "With --fail-on: also where a verdict is INCONCLUSIVE")
      ->needs(fail_on)
      ->group(measuring_group);
}

void add_operators(CLI::App& app, BenchOptions& options) {
  // A flag with a value takes it after '=' only, so that `--ops m.pt` keeps m.pt for FILE.
  auto* option = app.add_flag_function(
      "--ops{10}", [](int64_t) {},
      "Then profile: which operators the gain came from, the N that differ most; up to half of --max-time more");
  option->option_text("N")->check(CLI::Range(1, 100000))->group(measuring_group);
  option->each([&options](const std::string& text) {
    options.ops = true;
    options.ops_rows = std::atoi(text.c_str()); // checked before
  });
}

} // namespace

void BenchOptions::add_to(CLI::App& app) {
  model.add_to(app, "A .pt module or .ir graph; - for standard input");
  app.add_option("-p,--passes", passes, "Passes in order: 'freeze,fuse'; `tsir passes` lists them")
      ->type_name("PASSES");
  app.add_flag("--each", settings.each, "Each pass alone on the starting unit: those of --passes, else all there are");
  app.add_option("--start", start, "Passes that make the starting unit, which all is compared with: --start freeze")
      ->type_name("PASSES");
  app.add_option("--against", against,
                 "Another module, the baseline of all: an older version, timed in the same blocks and compared")
      ->type_name("FILE");
  app.add_flag("--no-compare", no_compare, "Do not compare outputs with those of the starting unit");
  app.add_option("--tolerance", tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  app.add_flag("--force", settings.force, "Time variants that execute the same graph all the same");
  app.add_flag("--allow-interpreted-nnc", settings.check.allow_interpreted_nnc,
               "Time NNC fusion groups even where an interpreter runs them");
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
