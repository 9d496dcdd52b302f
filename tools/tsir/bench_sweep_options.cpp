#include "tools/tsir/bench_sweep_options.h"

#include "lib/base/error.h"
#include "lib/input/value.h"

namespace tsir::tool {
namespace {

constexpr const char* conditions_group = "Conditions";

// "1,2,4", in one word.
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
  add_list<int>(app, "--threads", given_axes.threads,
                "Threads within an operator (default: LibTorch's choice); several: measured with each", 4096);
  auto* batch = add_list<int64_t>(app, "--batch", given_axes.batches,
                                  "Measure with batches of these sizes: all tensors among the inputs are resized in "
                                  "their first dimension",
                                  int64_t{1} << 24);
  app.add_option("--batch-dim", batch_dimensions,
                 "Where that is another dimension, or not of all: '1', 'h=1,c=1', 'mask=none'")
      ->type_name("D|NAME=D,…")
      ->needs(batch)
      ->group(conditions_group);
  app.add_option("--input-set", given_axes.input_sets,
                 "All inputs in one text, '(a, b)' or '{\"x\": a}', or the only one; repeatable: measured with each")
      ->type_name("INPUTS")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->group(conditions_group);
  add_list<size_t>(app, "--clients", given_axes.clients,
                   "Measure with so many threads calling the model at once: throughput, and latency of a client", 1024);
  app.add_flag("--cold", given_axes.cold,
               "Measure a second time with the processor's caches flushed before each call; a table of its own")
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
    throw Error(ErrorKind::usage, "--input-set holds all inputs: leave out --input and --inputs");
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
