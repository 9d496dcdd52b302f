// From the flags of `tsir bench` to a job for the library.
#include "lib/base/output_file.h"
#include "lib/run/device.h"
#include "tools/tsir/bench_options.h"
#include "tools/tsir/open_unit.h"
#include "tools/tsir/tolerance.h"

#include <cstdlib>

namespace tsir::tool {
namespace {

BenchModel model_of(const ModelOptions& options, const std::string& device) {
  return {options.file, [options, device] {
            const auto opened = std::make_shared<const OpenedModel>(options, OpenMode::load, parse_device(device));
            return [opened] { return opened->unit(); };
          }};
}

BenchSettings settings_of(const BenchOptions& options) {
  BenchSettings settings = options.settings;
  settings.check.compare = !options.no_compare;
  settings.control = !options.no_control;
  settings.rule.band = options.band_percent / 100;
  return settings;
}

} // namespace

void BenchOptions::check_files() const {
  if (json.given && json.file != "-") {
    check_writable(json.file);
  }
  exports.check(json, model.file, !sweep.axes().empty());
  std::vector<std::string> others = exports.files();
  others.insert(others.end(), {model.file, against, json.given ? json.file : ""});
  baseline.check(others);
}

BenchJob BenchOptions::job(const Session& session) const {
  BenchJob job;
  job.model = model_of(model, execution.device_name);
  if (!against.empty()) {
    ModelOptions other = model;
    other.file = against;
    other.libraries.clear(); // they are loaded already
    job.against = model_of(other, execution.device_name);
  }
  job.inputs = [input = input, sweep = sweep](Unit& unit, const Point& point, c10::Device device) {
    return inputs_for(sweep.input_at(input, point), unit, device);
  };
  job.device = execution.device_name;
  job.executor = parse_executor(execution.executor_name);
  job.grad = execution.grad;
  job.seed = input.settings.seed;
  job.threads = sweep.threads();
  job.tolerance = parse_tolerances(tolerance);
  job.start = Pipeline::parse(start, session.registry);
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
  job.shake = !no_shaking;
  job.all_gpus_visible = std::getenv("CUDA_VISIBLE_DEVICES") == nullptr;
  job.settings = settings_of(*this);
  return job;
}

} // namespace tsir::tool
