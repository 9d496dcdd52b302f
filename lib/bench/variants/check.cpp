#include "lib/bench/variants/check.h"

#include "lib/base/error.h"
#include "lib/base/printable.h"
#include "lib/base/setting.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/variants/rival.h"
#include "lib/bench/variants/train.h"

#include <ATen/Context.h>

#include <numeric>

namespace tsir {
namespace {

constexpr size_t checked_calls = 3;

std::string nnc_refusal() {
  return fmt::format("has NNC fusion groups, which this LibTorch (a CPU build without LLVM) runs in an interpreter, "
                     "thousands of times slower than compiled: use fuse-onednn-graph, or {} to time them anyway",
                     spelled(Setting::allow_interpreted_nnc));
}

// The outputs of the first calls, one after another, since a model may have state.
using Outputs = std::vector<c10::IValue>;

// Two variants execute the same if one of these is equal.
struct Identity {
  std::string history;
  std::optional<uint64_t> key; // absent while the executor may still replace the graph
};

class Checker {
public:
  Checker(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
          const Hooks& hooks);
  void baseline();
  void other(size_t variant);
  void rival(size_t variant);
  const VariantOutcome& outcome(size_t variant) const { return checks_.variants[variant]; }
  Checks finish() { return std::move(checks_); }

private:
  Outputs first_calls(const Variant& variant, MemoryUse* memory = nullptr);
  Variant make(const VariantSpec& spec, VariantOutcome& checked) const;
  void make_and_run(const VariantSpec& spec, VariantOutcome& checked);
  void compare_outputs(VariantOutcome& checked, const Outputs& expected, const Outputs& outputs);
  void call_rival(VariantOutcome& checked, RivalProcess& process);
  bool stopped() const { return hooks_.stop && hooks_.stop(); }
  bool find_twin(VariantOutcome& checked, const Identity& identity);
  bool baseline_repeats();

  const BenchTarget& target_;
  const std::vector<VariantSpec>& specs_;
  const CheckSettings& settings_;
  const Hooks& hooks_;
  Checks checks_;
  Outputs expected_;
  std::vector<Identity> identities_; // by variant; only those of earlier good variants are compared
  std::optional<bool> repeats_;
};

Checker::Checker(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
                 const Hooks& hooks)
    : target_(target), specs_(specs), settings_(settings), hooks_(hooks) {
  for (const VariantSpec& spec : specs) {
    VariantOutcome& unchecked = checks_.variants.emplace_back();
    unchecked.name = spec.name;
    unchecked.passes = spec.pipeline.text();
    unchecked.origin = spec.origin;
    unchecked.rival = spec.rival ? spec.rival->command : "";
  }
}

Outputs Checker::first_calls(const Variant& variant, MemoryUse* memory) {
  if (target_.training) {
    return {target_.training->first_steps(target_, variant, /*must_be_finite=*/expected_.empty(), memory)};
  }
  at::manual_seed(target_.seed);
  std::vector<c10::IValue> inputs = deep_copies(target_.inputs);
  Outputs outputs;
  for (size_t call = 0; call < checked_calls; ++call) {
    std::vector<c10::IValue> results;
    const MemoryUse use = measure_memory([&] { results = variant.runnable.run(inputs); });
    if (memory != nullptr) {
      *memory = use; // the last call's value remains
    }
    std::ranges::transform(results, std::back_inserter(outputs), deep_copy);
    if (call == 0 && expected_.empty() && !tsir::compare(target_.inputs, inputs).identical) {
      checks_.notes.push_back(
          "the model changes its inputs in place: every call works on the result of the one before");
    }
  }
  return outputs;
}

Variant Checker::make(const VariantSpec& spec, VariantOutcome& checked) const {
  if (target_
          .training) { // checked before the pass: in train mode freezing throws, with advice that does not apply here
    Training::require_trainable(spec.pipeline);
  }
  Variant variant = make_variant(target_, spec);
  if (target_.training) {
    Training::require_trainable(variant);
  }
  checked.pass_runs = variant.passes;
  checked.open_seconds = variant.open_seconds;
  return variant;
}

void Checker::baseline() {
  VariantOutcome& checked = checks_.variants[0];
  const Variant variant = make(specs_[0], checked);
  expected_ = first_calls(variant, &checked.memory);
  if (!settings_.allow_interpreted_nnc && runs_interpreted_nnc(*variant.runnable.executed_graph(), target_.device)) {
    throw Error(ErrorKind::usage, fmt::format("{} {}", checked.name, nnc_refusal()));
  }
  identities_.push_back({history(variant), execution_key(variant)});
  checked.state = VariantState::good;
}

void Checker::other(size_t variant) {
  const VariantSpec& spec = specs_[variant];
  VariantOutcome& checked = checks_.variants[variant];
  identities_.emplace_back();
  if (!spec.crash.empty()) {
    checked.state = VariantState::pass_failed;
    checked.detail = spec.crash;
    return;
  }
  if (spec.idle && !target_.training && find_twin(checked, {history(spec.origin, spec.idle->passes), std::nullopt})) {
    checked.pass_runs = spec.idle->passes;
    checked.open_seconds = spec.idle->open_seconds;
    return;
  }
  try {
    make_and_run(spec, checked);
  } catch (const Error& error) {
    const bool refused = target_.training && error.kind() == ErrorKind::usage;
    checked.state = refused                           ? VariantState::refused
                    : error.kind() == ErrorKind::pass ? VariantState::pass_failed
                                                      : VariantState::run_failed;
    checked.detail = error.what();
  } catch (const std::exception& error) {
    checked.state = VariantState::run_failed;
    checked.detail = one_line(error);
  }
}

void Checker::make_and_run(const VariantSpec& spec, VariantOutcome& checked) {
  const Variant variant = make(spec, checked);
  checked.state = VariantState::good;
  if (!settings_.allow_interpreted_nnc && runs_interpreted_nnc(*variant.runnable.executed_graph(), target_.device)) {
    checked.state = VariantState::refused;
    checked.detail = nnc_refusal();
    return;
  }
  // An identical variant need not be run. But what an executor makes of the graph is known only after it has run.
  const bool as_is = target_.executor == Executor::as_is;
  if (find_twin(checked, {history(variant), as_is ? std::optional(execution_key(variant)) : std::nullopt})) {
    return;
  }
  compare_outputs(checked, expected_, first_calls(variant, &checked.memory));
  if (checked.state == VariantState::good) {
    find_twin(checked, {history(variant), execution_key(variant)});
  }
}

// A rival that cannot start is a mistake in the command line, and ends the bench before it spends time.
void Checker::rival(size_t variant) {
  const Rival& rival = *specs_[variant].rival;
  VariantOutcome& checked = checks_.variants[variant];
  const auto start = std::chrono::steady_clock::now();
  try {
    RivalProcess process(rival, hooks_.stop);
    process.prepare();
    checked.open_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    checked.state = VariantState::good;
    checks_.notes.push_back(fmt::format("{} is another program, timed by its own clock: {}", checked.name,
                                        printable(one_line(rival.command))));
    if (settings_.compare) {
      call_rival(checked, process);
    }
  } catch (const Error& error) {
    if (!stopped()) {
      throw Error(error.kind(), fmt::format("rival {}: {}", checked.name, error.what()));
    }
  }
}

void Checker::call_rival(VariantOutcome& checked, RivalProcess& process) {
  try {
    Outputs outputs;
    const size_t calls = target_.training ? 1 : checked_calls; // for training, one call stands for its first steps
    for (size_t call = 0; call < calls; ++call) {
      std::ranges::move(process.outputs(), std::back_inserter(outputs));
    }
    const Outputs expected = leaves(expected_);
    compare_outputs(checked, expected, as_expected(outputs, expected));
  } catch (const Error& error) {
    checked.state = stopped() ? VariantState::not_run : VariantState::run_failed;
    checked.detail = stopped() ? "" : error.what();
  }
}

void Checker::compare_outputs(VariantOutcome& checked, const Outputs& expected, const Outputs& outputs) {
  if (!settings_.compare || repeats_ == false) {
    return;
  }
  const Difference difference = tsir::compare(expected, outputs, target_.tolerance);
  checked.difference = {difference.same, difference.identical, difference.max_absolute, difference.max_relative,
                        difference.where};
  checked.compared = true;
  if (difference.same) {
    return;
  }
  if (!baseline_repeats()) {
    checks_.notes.push_back("two runs of the same baseline differ: the model is not deterministic, outputs are not "
                            "compared");
    checked.compared = false;
    return;
  }
  checked.state = VariantState::wrong;
  checked.detail = fmt::format("{} differ from the {}'s: {}", target_.training ? "losses or gradients" : "outputs",
                               checks_.variants[0].name, difference.what);
}

// Whether a second fresh baseline gives the same as the first: only then are differences caused by passes.
bool Checker::baseline_repeats() {
  if (!repeats_) {
    const Variant again = make_variant(target_, specs_[0]);
    repeats_ = tsir::compare(expected_, first_calls(again), target_.tolerance).same;
  }
  return *repeats_;
}

bool Checker::find_twin(VariantOutcome& checked, const Identity& identity) {
  const size_t index = identities_.size() - 1;
  identities_[index] = identity;
  for (size_t earlier = 0; earlier < index; ++earlier) {
    const Identity& other = identities_[earlier];
    const bool equal = other.history == identity.history || (identity.key && other.key == identity.key);
    const VariantOutcome& twin = checks_.variants[earlier];
    if (equal && twin.state == VariantState::good) {
      checked.state = VariantState::identical;
      checked.identical_to = earlier;
      checked.detail = twin.name;
      return true;
    }
  }
  return false;
}

// The baseline first, then rivals, whose commands may be wrong, then the others, which may take minutes.
std::vector<size_t> order_of_checks(const std::vector<VariantSpec>& specs) {
  std::vector<size_t> order(specs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_partition(order.begin() + 1, order.end(), [&](size_t i) { return specs[i].rival != nullptr; });
  return order;
}

} // namespace

Checks check_variants(const BenchTarget& target, const std::vector<VariantSpec>& specs, const CheckSettings& settings,
                      const Hooks& hooks) {
  Checker checker(target, specs, settings, hooks);
  size_t done = 0;
  for (const size_t i : order_of_checks(specs)) {
    if (hooks.progress) {
      hooks.progress({.doing = "checking " + specs[i].name,
                      .done = static_cast<double>(done++) / static_cast<double>(specs.size()),
                      .eta_seconds = 0});
    }
    if (i == 0) {
      checker.baseline();
    } else if (hooks.stop && hooks.stop()) {
      break;
    } else if (specs[i].rival) {
      checker.rival(i);
    } else {
      checker.other(i);
    }
    if (checker.outcome(i).state == VariantState::pass_failed && settings.stop_at_failed_pass) {
      break;
    }
  }
  return checker.finish();
}

} // namespace tsir
