#include "tools/tsir/bench_target.h"

#include "lib/run/device.h"
#include "lib/run/tolerance.h"

namespace tsir::tool {
namespace {

// Every pass by itself, with its defaults, but for those that this device cannot run.
Pipeline all_registered(const Registry& registry, c10::Device device) {
  return every_pass(registry, [device](const PassRow& row) {
    const bool needs_cuda = std::ranges::count(row.needs, Need::cuda) > 0;
    // What cannot be run, or not with the same inputs and outputs, is not timed.
    const bool timeable = row.kind != PassKind::analysis && row.executable && row.keeps_interface;
    return timeable && (!needs_cuda || device.is_cuda());
  });
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

} // namespace

std::vector<VariantSpec> variants_of(const BenchOptions& options, const Session& session, c10::Device device) {
  const Pipeline start = Pipeline::parse(options.start, session.registry, Setting::start);
  const Pipeline passes = Pipeline::parse(options.passes, session.registry);
  if (!options.settings.each) {
    return prefix_variants(start, passes);
  }
  return single_variants(start, passes.empty() ? all_registered(session.registry, device) : passes);
}

void put_against(std::vector<VariantSpec>& specs, const BenchOptions& options, const Workload& workload) {
  if (options.against.empty()) {
    return;
  }
  UnitSource source = workload.source;
  source.file = options.against;
  source.libraries.clear(); // they are loaded already
  const auto opened =
      std::make_shared<const OpenedModel>(source, OpenMode::load, parse_device(workload.device), warn_once);
  VariantSpec baseline = specs.front();
  baseline.name = "baseline: " + options.against;
  baseline.origin = options.against;
  baseline.open = [opened] { return opened->unit(); };
  specs.front().name = options.model.file;
  specs.insert(specs.begin(), std::move(baseline));
}

BenchSettings settings_of(const BenchOptions& options, const Environment& environment) {
  BenchSettings settings = options.settings;
  settings.check.compare = !options.no_compare;
  settings.control = !options.no_control;
  settings.rule.band = options.band_percent / 100;
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
  InputSettings inputs = options.input.settings;
  inputs.device = device;
  target.inputs = make_inputs(inputs, unit.schema(), unit.has_module() ? &unit.module() : nullptr);
  return target;
}

} // namespace tsir::tool
