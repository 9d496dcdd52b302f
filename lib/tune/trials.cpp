#include "lib/tune/trials.h"

#include "lib/base/shell_quoted.h"
#include "lib/bench/job/job.h"
#include "lib/tune/space.h"
#include "lib/workload/invocation.h"

namespace tsir {
namespace {

// `/path/tsir serve --passes … --executor …`
std::string serve_command(const ServingSetup& setup, const TuneCandidate& candidate) {
  Invocation invocation("serve", "");
  const HostSettings& settings = candidate.settings;
  if (!candidate.passes.empty()) {
    invocation.add("--passes", candidate.passes);
  }
  invocation.add("--executor", std::string(to_string(settings.executor)));
  const auto add_number = [&](const char* name, size_t number) {
    if (number > 0) {
      invocation.add(name, fmt::to_string(number));
    }
  };
  const auto add_flag = [&](const char* name, bool on) {
    if (on) {
      invocation.add_flag(name);
    }
  };
  add_number("--threads", static_cast<size_t>(settings.threads));
  add_number("--interop-threads", static_cast<size_t>(settings.interop_threads));
  add_number("--profiled-runs", settings.profiled_runs);
  if (!settings.fusion_strategy.empty()) {
    invocation.add("--fusion-strategy", settings.fusion_strategy);
  }
  add_flag("--onednn-fusion", settings.onednn_fusion);
  add_flag("--inference-mode", settings.inference_mode);
  add_flag("--flush-denormal", settings.flush_denormal);
  for (const std::string& library : setup.libraries) {
    invocation.add("--load-library", std::filesystem::absolute(library).string());
  }
  for (const std::string& plugin : setup.plugins) {
    invocation.add("--load-pass-plugin", std::filesystem::absolute(plugin).string());
  }
  std::string line = "exec " + shell_quoted(setup.program);
  for (const std::string& word : invocation.words()) {
    line += " " + shell_quoted(word);
  }
  return line;
}

std::vector<c10::IValue> outputs_of_calls(RivalProcess& process, size_t calls) {
  std::vector<c10::IValue> outputs;
  for (size_t call = 0; call < calls; ++call) {
    std::ranges::move(process.outputs(), std::back_inserter(outputs));
  }
  return outputs;
}

// A tenth of the largest number in the outputs. Integers must be equal.
Tolerance loose_tolerance(const std::vector<c10::IValue>& outputs) {
  double largest = 0;
  for (const c10::IValue& output : outputs) {
    if (output.isTensor() && output.toTensor().is_floating_point() && output.toTensor().numel() > 0) {
      largest = std::max(largest, output.toTensor().abs().max().to(at::kDouble).item<double>());
    } else if (output.isDouble()) {
      largest = std::max(largest, std::abs(output.toDouble()));
    }
  }
  return {.rtol = 0, .atol = largest / 10};
}

std::shared_ptr<RivalFiles> files_with(const std::vector<c10::IValue>& inputs) {
  auto files = std::make_shared<RivalFiles>(std::filesystem::temp_directory_path().string());
  files->set_inputs(inputs);
  return files;
}

} // namespace

Trials::Trials(ServingSetup setup, size_t calls, std::optional<Tolerance> tolerance, std::function<bool()> stop)
    : setup_(std::move(setup)), calls_(calls), tolerance_(std::move(tolerance)), stop_(std::move(stop)) {}

Rival Trials::rival_of(const TuneCandidate& candidate) const {
  return {
      .name = candidate.name(), .command = serve_command(setup_, candidate), .limit = setup_.limit, .job = setup_.job};
}

ArmSource Trials::arm_of(const TuneCandidate& candidate, Goal goal) const {
  return {candidate.name(), [this, candidate, goal] { return arm_for(goal, rival_of(candidate), stop_); }};
}

CandidateOutcome Trials::set_reference(const TuneCandidate& candidate, const InputSets& sets) {
  files_.clear();
  for (const auto& inputs : sets) {
    files_.push_back(files_with(inputs));
  }
  CandidateOutcome outcome{.candidate = candidate, .state = CandidateState::good, .detail = ""};
  {
    RivalProcess process(rival_of(candidate), stop_);
    process.prepare();
    expected_ = outputs_of(process);
    outcome.unit = served_unit_of(process.describe());
  }
  RivalProcess again(rival_of(candidate), stop_);
  again.prepare();
  const Outputs repeated = outputs_of(again);
  for (size_t i = 0; i < expected_.size(); ++i) {
    repeats_ = repeats_ && compare(expected_[i], repeated[i], tolerance_.value_or(Tolerance{})).same;
  }
  outcome.compared = repeats_;
  return outcome;
}

Trials::Outputs Trials::outputs_of(RivalProcess& process) const {
  Outputs outputs;
  for (const auto& files : files_) {
    process.take_inputs(files->inputs(DataForm::torch));
    outputs.push_back(outputs_of_calls(process, calls_));
  }
  return outputs;
}

void Trials::judge(CandidateOutcome& outcome, const std::vector<c10::IValue>& expected,
                   const std::vector<c10::IValue>& outputs) const {
  if (!repeats_) {
    return;
  }
  const bool loose = !tolerance_ && changes_precision(outcome.candidate);
  const Difference difference =
      compare(expected, outputs, loose ? loose_tolerance(expected) : tolerance_.value_or(Tolerance{}));
  outcome.compared = true;
  outcome.drift = std::max(outcome.drift, std::isfinite(difference.max_absolute) ? difference.max_absolute : 0.0);
  if (!difference.same) {
    outcome.state = CandidateState::wrong;
    outcome.detail = "outputs differ from those of the module as it came: " + difference.what;
  }
}

CandidateOutcome Trials::try_candidate(const TuneCandidate& candidate) {
  CandidateOutcome outcome{.candidate = candidate, .state = CandidateState::good, .detail = ""};
  try {
    RivalProcess process(rival_of(candidate), stop_);
    process.prepare();
    const Outputs outputs = outputs_of(process);
    outcome.unit = served_unit_of(process.describe());
    for (size_t i = 0; i < outputs.size() && outcome.good(); ++i) {
      judge(outcome, expected_[i], outputs[i]);
    }
  } catch (const Error& error) {
    if (stop_ && stop_()) {
      throw Interrupted();
    }
    outcome.state = CandidateState::failed;
    outcome.detail = error.what();
  }
  return outcome;
}

size_t Trials::try_further(const TuneCandidate& reference, CandidateOutcome& outcome, const InputSets& sets,
                           const std::function<bool(size_t)>& enough) const {
  size_t tried = 0;
  try {
    RivalProcess expected(rival_of(reference), stop_);
    RivalProcess process(rival_of(outcome.candidate), stop_);
    expected.prepare();
    process.prepare();
    for (const auto& inputs : sets) {
      if (!outcome.good() || enough(tried)) {
        break;
      }
      const auto files = files_with(inputs);
      for (RivalProcess* each : {&expected, &process}) {
        each->take_inputs(files->inputs(DataForm::torch));
      }
      const std::vector<c10::IValue> wanted = outputs_of_calls(expected, calls_);
      judge(outcome, wanted, outputs_of_calls(process, calls_));
      ++tried;
    }
  } catch (const Error& error) {
    if (stop_ && stop_()) {
      throw Interrupted();
    }
    outcome.state = CandidateState::failed;
    outcome.detail = error.what();
  }
  return tried;
}

} // namespace tsir
