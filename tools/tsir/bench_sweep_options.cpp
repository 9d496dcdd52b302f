#include "tools/tsir/bench_sweep_options.h"

#include "lib/base/error.h"
#include "lib/input/value.h"

namespace tsir::tool {
namespace {

constexpr const char* conditions_group = "Conditions";

// Adds an option that takes a list in one word: "1,2,4".
template <class Value>
CLI::Option* add_list(CLI::App& app, const char* flag, std::vector<Value>& values, const char* help, Value most) {
  return app.add_option(flag, values, help)
      ->type_name("N,…")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->check(CLI::Range(Value{1}, most))
      ->group(conditions_group);
}

} // namespace

void SweepOptions::add_to(CLI::App& app) {
  add_list<int>(
      app, "--threads", given_axes.threads,
      "Number of threads within an operator (default: LibTorch's choice); if several are given, measure with each",
      4096);
  auto* batch = add_list<int64_t>(
      app, "--batch", given_axes.batches,
      "Batch sizes to measure with: all tensors among the inputs are resized in their first dimension",
      int64_t{1} << 24);
  app.add_option("--batch-dim", batch_dimensions,
                 "With --batch: the dimension to resize, for all inputs or by name: '1', 'h=1,c=1', 'mask=none'")
      ->type_name("D|NAME=D,…")
      ->needs(batch)
      ->group(conditions_group);
  app.add_option("--input-set", given_axes.input_sets,
                 "All inputs as one text, '(a, b)' or '{\"x\": a}', or the only input; if repeated, measure with each")
      ->type_name("INPUTS")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->group(conditions_group);
  add_list<size_t>(app, "--clients", given_axes.clients,
                   "Number of threads that call the model at the same time, to measure throughput and a client's "
                   "latency; if several are given, measure with each",
                   1024);
  app.add_flag("--cold", given_axes.cold,
               "Measure a second time, with the processor's caches flushed before each call; shown in a separate table")
      ->group(conditions_group);
}

SweepAxes SweepOptions::axes() const {
  SweepAxes varied = given_axes;
  if (varied.threads.size() == 1) {
    varied.threads.clear();
  }
  return varied;
}

int SweepOptions::threads() const {
  return given_axes.threads.size() == 1 ? given_axes.threads.front() : 0;
}

void SweepOptions::check(const InputOptions& input) const {
  if (!given_axes.input_sets.empty() && (!input.settings.inputs.empty() || !input.settings.file.empty())) {
    throw Error(ErrorKind::usage, "--input-set gives all inputs: leave out --input and --inputs");
  }
  for (const std::string& text : given_axes.input_sets) {
    parse_input_value(text);
  }
  dimensions();
}

BatchDimensions SweepOptions::dimensions() const {
  return parse_batch_dimensions(batch_dimensions.empty() ? "0" : batch_dimensions);
}

} // namespace tsir::tool
