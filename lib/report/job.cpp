#include "lib/report/job.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/bench/machine/environment.h"
#include "lib/report/bench_part.h"
#include "lib/report/stages.h"
#include "lib/verify/job.h"
#include "lib/workload/invocation.h"
#include "lib/workload/standard_input.h"

namespace tsir {
namespace {

// With each pass alone, no more is drawn once the drawings are that large together: the page must stay small.
constexpr size_t most_drawn_alone = 1'200'000; // bytes
// For measuring the time of each node of a state.
constexpr double node_seconds = 1;

void say(const ReportHooks& hooks, const std::string& what) {
  if (hooks.progress) {
    hooks.progress(what);
  }
}

std::string machine_text(const Environment& machine) {
  std::string text = machine.cpu_model.empty() ? "unknown processor" : machine.cpu_model;
  text += fmt::format(", {}", plural(static_cast<size_t>(std::max(machine.num_cpus, 0)), "processor"));
  return text + (machine.kernel.empty() ? "" : ", " + machine.kernel);
}

std::string inputs_text(const InputSettings& inputs) {
  std::vector<std::string> parts = inputs.inputs;
  if (!inputs.file.empty()) {
    parts.push_back("file " + inputs.file);
  }
  if (!inputs.whole.empty()) {
    parts.push_back(inputs.whole);
  }
  return fmt::format("{}", fmt::join(parts, "  "));
}

void add_facts(const ReportJob& job, const Environment& machine, ReportData& data) {
  const Workload& workload = job.workload;
  const auto add = [&](const std::string& name, const std::string& text) {
    if (!text.empty()) {
      data.facts.emplace_back(name, text);
    }
  };
  add("file", workload.source.file);
  add("method", data.method);
  add("start", workload.start);
  add("passes", job.each ? "" : job.passes.text());
  if (gives_inputs(workload)) {
    add("inputs", inputs_text(workload.inputs));
    add("seed", fmt::to_string(workload.inputs.seed));
    add("checked on",
        fmt::format("{}, {} each", plural(workload.sets, "input set"), plural(workload.calls, "call")));
    add("executor", std::string(to_string(workload.executor)));
    add("device", workload.device);
    add("threads", workload.threads > 0 ? fmt::to_string(workload.threads) : fmt::to_string(machine.threads));
  }
  add("machine", machine_text(machine));
  add("LibTorch", machine.libtorch + (machine.capability.empty() ? "" : ", " + machine.capability));
  std::vector<std::string> load;
  std::ranges::transform(machine.load_average, std::back_inserter(load),
                         [](double value) { return fmt::format("{:.2f}", value); });
  add("load average", fmt::format("{}", fmt::join(load, ", ")));
}

void add_warnings(const ReportJob& job, const Environment& machine, ReportData& data) {
  if (!gives_inputs(job.workload)) {
    data.warnings.push_back(fmt::format("no inputs were given ({}): nothing was run, so results and run times are not "
                                        "known",
                                        spelled(Setting::input)));
    return;
  }
  if (job.bench && !machine.load_average.empty() && machine.load_average[0] > 0.5 * machine.num_cpus) {
    data.warnings.push_back(fmt::format("the machine was busy when timing began: load average {:.2f} on {}",
                                        machine.load_average[0],
                                        plural(static_cast<size_t>(std::max(machine.num_cpus, 0)), "processor")));
  }
}

// --- the parts ---

void append(ReportData& data, Stages stages) {
  data.method = stages.method.empty() ? data.method : stages.method;
  std::ranges::move(stages.passes, std::back_inserter(data.passes_run));
  std::ranges::move(stages.pictures, std::back_inserter(data.pictures));
  std::ranges::move(stages.warnings, std::back_inserter(data.warnings));
}

size_t size_of_drawings(const ReportData& data) {
  size_t bytes = 0;
  for (const ReportPicture& picture : data.pictures) {
    bytes += picture.svg.size();
  }
  return bytes;
}

void add_stages(const ReportJob& job, const ReportHooks& hooks, ReportData& data) {
  const double seconds = job.bench && gives_inputs(job.workload) ? node_seconds : 0;
  if (!job.each) {
    append(data, run_stages(job, job.passes, {.draw = job.draw, .time_seconds = seconds}, hooks));
    return;
  }
  const std::vector<Pipeline> alone = each_of(job.passes);
  StageSettings settings{.draw = job.draw, .time_seconds = seconds};
  std::vector<std::string> left_out;
  for (size_t i = 0; i < alone.size(); ++i) {
    say(hooks, fmt::format("[{}/{}] {}", i + 1, alone.size(), alone[i].text()));
    append(data, run_stages(job, alone[i], settings, {}));
    if (job.draw && !settings.draw && !data.passes_run.empty() && data.passes_run.back().changed) {
      left_out.push_back(alone[i].text());
    }
    settings.start_picture = data.pictures.empty() ? -1 : 0;
    settings.first_picture = data.pictures.size();
    settings.draw = job.draw && size_of_drawings(data) < most_drawn_alone;
  }
  if (!left_out.empty()) {
    data.warnings.push_back(
        fmt::format("to keep the page small, there are no drawings of: {}", fmt::join(left_out, ", ")));
  }
}

Invocation command_of(const ReportJob& job, const std::string& subcommand, const std::string& passes) {
  Invocation command(subcommand, job.workload.source.file);
  command.add(spelled(Setting::passes), passes).add(job.workload);
  if (job.each && passes == job.passes.text()) {
    command.add_flag(spelled(Setting::each));
  }
  return command;
}

std::string detail_of(const PassVerdict& verdict) {
  std::vector<std::string> parts;
  if (!verdict.what.empty()) {
    parts.push_back(verdict.what);
  }
  if (verdict.max_absolute > 0) {
    parts.push_back(
        fmt::format("largest difference {:.2g} (relative: {:.2g})", verdict.max_absolute, verdict.max_relative));
  }
  parts.insert(parts.end(), verdict.remarks.begin(), verdict.remarks.end());
  if (!verdict.known.empty()) {
    parts.push_back("known: " + verdict.known);
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

void add_verdicts(const ReportJob& job, const ReportHooks& hooks, ReportData& data) {
  say(hooks, "checking results");
  const VerifyJob verify_job{.workload = job.workload,
                             .registry = job.registry,
                             .pipelines = job.each ? each_of(job.passes) : std::vector{job.passes},
                             .limit = job.pass_limit,
                             .refusals_are_fine = false,
                             .found_by = "",
                             .reproducers = ""};
  const VerifyOutcome outcome = verify(verify_job);
  for (size_t i = 0; i < outcome.verdicts.size() && i < data.passes_run.size(); ++i) {
    const PassVerdict& verdict = outcome.verdicts[i];
    ReportPass& pass = data.passes_run[i];
    pass.verdict = to_string(verdict.verdict);
    const std::string detail = detail_of(verdict);
    if (detail != pass.failure) {
      pass.verdict_detail += (pass.verdict_detail.empty() || detail.empty() ? "" : "; ") + detail;
    }
    pass.reproduce = command_of(job, "verify", verdict.passes).line();
  }
}

// What a part of the report fails with is a warning in it: the other parts are still worth having.
void try_part(ReportData& data, const std::string& what, const std::function<void()>& part) {
  try {
    part();
  } catch (const Error& error) {
    data.warnings.push_back(what + ": " + error.what());
  }
}

} // namespace

ReportData make_report(const ReportJob& job, const ReportHooks& hooks) {
  const Environment machine = read_environment();
  read_before_children(job.workload);
  ReportData data;
  data.tool = job.tool;
  data.file = job.workload.source.file == "-" ? "standard input"
                                              : std::filesystem::path(job.workload.source.file).filename().string();
  data.passes = job.passes.text();
  data.each = job.each;
  data.date = machine.date;
  add_warnings(job, machine, data);
  add_stages(job, hooks, data);
  add_facts(job, machine, data);
  data.commands.emplace_back("this page", job.command);
  if (!gives_inputs(job.workload)) {
    return data;
  }
  if (job.verify) {
    data.commands.emplace_back("results", command_of(job, "verify", job.passes.text()).line());
    try_part(data, "results were not checked", [&] { add_verdicts(job, hooks, data); });
  }
  if (job.bench) {
    data.commands.emplace_back("run times", command_of(job, "bench", job.passes.text()).line());
    try_part(data, "nothing was timed", [&] { add_bench(job, hooks, data); });
  }
  return data;
}

} // namespace tsir
