// Makes a job for the library from the flags of `tsir bench`.
#include "lib/base/output_file.h"
#include "lib/run/tolerance.h"
#include "tools/tsir/bench_options.h"
#include "tools/tsir/workload_options.h"

#include <cstdlib>

namespace tsir::tool {
namespace {

BenchSettings settings_of(const BenchOptions& options) {
  BenchSettings settings = options.settings;
  settings.check.compare = !options.no_compare;
  settings.control = !options.no_control;
  settings.rule.band = options.band_percent / 100;
  return settings;
}

} // namespace

void BenchOptions::check_files() const {
  std::vector<TakenFile> taken = {{model.file, "the model"},
                                  {against, "--against " + against},
                                  {baseline.compare, "--baseline " + baseline.compare}};
  std::erase_if(taken, [](const TakenFile& read) { return read.file.empty() || read.file == "-"; });
  if (json.given && json.file != "-") {
    check_writable(json.file);
    check_not_taken(json.file, "--json=" + json.file, taken);
    taken.push_back({json.file, "--json=" + json.file});
  }
  const std::vector<ExportFile> files = exports.files();
  check_exports(files, taken, !sweep.axes().empty());
  std::vector<std::string> others = {model.file, against, json.given ? json.file : ""};
  std::ranges::transform(files, std::back_inserter(others), &ExportFile::file);
  baseline.check(others);
}

BenchJob BenchOptions::job(const Session& session) const {
  BenchJob job;
  job.workload = make_workload(session, model, input, execution);
  job.workload.threads = sweep.threads();
  job.workload.tolerance = tolerance;
  parse_tolerances(tolerance);
  job.workload.start = start;
  job.against = against;
  job.batch_dimensions = sweep.dimensions();
  job.warn = warn_once;
  job.passes = Pipeline::parse(passes, session.registry);
  job.passes_text = passes;
  job.registry = &session.registry;
  job.rivals = rivals.commands();
  job.rival_limit = rivals.limit();
  job.axes = sweep.axes();
  job.training = train.chosen();
  if (ops) {
    job.operators = OperatorSettings{static_cast<size_t>(ops_rows), !exports.trace.empty()};
  }
  job.baseline = baseline.read();
  job.other_conditions = baseline.other_conditions;
  job.save = !baseline.save.empty();
  job.all_gpus_visible = std::getenv("CUDA_VISIBLE_DEVICES") == nullptr;
  job.settings = settings_of(*this);
  return job;
}

} // namespace tsir::tool
