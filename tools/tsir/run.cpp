// tsir run: runs one method on inputs, and shows or saves what comes out.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/input/output_data.h"
#include "lib/run/repeat.h"
#include "lib/run/summary.h"
#include "lib/run/threads.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <ATen/Parallel.h>

#include <cstdio>

namespace tsir::tool {
namespace {

struct RunOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  JsonOption json;
  std::string passes;
  std::string output;
  size_t runs = 1;
};

// What was run and how, as every report names it.
struct Setting {
  const RunOptions& options;
  std::string method, passes, device;
  Executor executor;
};

std::string headline(const Setting& setting) {
  return fmt::format("{}: {}, executor {}, device {}, threads {}{}{}\n", setting.options.model.file, setting.method,
                     to_string(setting.executor), setting.device, at::get_num_threads(),
                     setting.options.execution.grad ? ", autograd on" : "",
                     setting.passes.empty() ? "" : fmt::format(", after --passes '{}'", setting.passes));
}

std::string difference_text(const Repetition& result) {
  if (result.differing_run == 0) {
    return "";
  }
  const Difference& difference = result.difference;
  return fmt::format("run {} differs from run 1{}{}: {}\n", result.differing_run,
                     difference.where.empty() ? "" : " at ", difference.where, difference.what);
}

nlohmann::ordered_json difference_json(const Repetition& result) {
  if (result.differing_run == 0) {
    return nullptr;
  }
  return {{"run", result.differing_run}, {"where", result.difference.where}, {"what", result.difference.what}};
}

nlohmann::ordered_json report(const Setting& setting, const Repetition& result) {
  return {{"schema", "tsir.run/1"},
          {"file", setting.options.model.file},
          {"method", setting.method},
          {"passes", setting.passes},
          {"executor", to_string(setting.executor)},
          {"device", setting.device},
          {"threads", at::get_num_threads()},
          {"grad", setting.options.execution.grad},
          {"seed", setting.options.input.settings.seed},
          {"outputs", to_json(summarize(result.outputs))},
          {"times", to_json(result.times)},
          {"first_different_run", difference_json(result)}};
}

void write_outputs(const std::string& path, const std::vector<c10::IValue>& outputs) {
  const std::vector<char> bytes = as_torch_file(outputs);
  write_file(path, {bytes.data(), bytes.size()});
  std::fprintf(stderr, "tsir: wrote %s; read it with torch.load\n", path.c_str());
}

int run_run(const RunOptions& options, const Session& session) {
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  const Pipeline pipeline = Pipeline::parse(options.passes, session.registry);
  if (!options.output.empty()) {
    check_writable(options.output);
    check_different_files(options.json.given ? options.json.file : "", options.output);
  }
  set_threads(workload.threads);
  Prepared prepared = prepare(workload, pipeline, {.run = true}, warn_once);
  pipeline.run(prepared.unit, prepared.run_settings());

  const Runnable runnable(prepared.unit, workload.executor, workload.grad);
  const Repetition result = repeat(runnable, *prepared.inputs(), options.runs, prepared.device, workload.inputs.seed);
  if (!options.output.empty()) {
    write_outputs(options.output, result.outputs);
  }
  const Setting setting{options, prepared.unit.name(), pipeline.text(), prepared.device.str(), workload.executor};
  write_report(
      session, options.json, [&] { return report(setting, result); },
      [&] {
        return headline(setting) + to_text(summarize(result.outputs), "") + to_text(result.times) +
               difference_text(result);
      });
  return 0;
}

} // namespace

void add_run(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(app, "run", "Run a model or graph on example inputs",
                             "Prints a summary of the outputs, and the run time. The outputs are saved whole with -o.\n"
                             "The module is loaded fully, which runs its __setstate__, and the method itself is run.");
  auto options = std::make_shared<RunOptions>();
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes, "Passes to run on it first: 'freeze,fuse'")->type_name("PASSES");
  options->input.add_to(*sub);
  sub->add_option("-n,--runs", options->runs, "Number of runs; the outputs shown are those of the first")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}))
      ->capture_default_str();
  sub->add_option("-o", options->output, "Save the outputs for torch.load")->type_name("FILE.pt");
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_run(*options, session); }; });
}

} // namespace tsir::tool
