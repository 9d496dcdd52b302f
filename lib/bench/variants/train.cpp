#include "lib/bench/variants/train.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/bench/machine/allocator.h"
#include "lib/bench/variants/train_step.h"
#include "lib/ir/hash.h"
#include "lib/ir/walk.h"
#include "lib/process/phase.h"

#include <cmath>

namespace tsir {
namespace {

// The number of steps that are compared between variants. Rounding errors grow from step to step, especially with Adam,
// which divides small gradients by their own size.
constexpr size_t compared_steps = 3;

std::string key_of(const std::string& origin, std::span<const PassOutcome> passes) {
  std::string key = origin + ":";
  for (const PassOutcome& pass : passes) {
    key += pass.text + ",";
  }
  return key;
}

size_t count_differentiable_graphs(const jit::Graph& graph) {
  size_t count = 0;
  walk(*graph.block(), [&](const jit::Node& node) { count += node.kind() == jit::prim::DifferentiableGraph ? 1 : 0; });
  return count;
}

struct TrainedArm {
  TrainedArm(const BenchTarget& target, Variant owned, const TrainSettings& settings)
      : variant(std::move(owned)), step(target, variant, settings) {}
  Variant variant;
  TrainStep step;
};

} // namespace

void Training::enter_train_mode(Unit& unit) {
  if (unit.has_module()) {
    unit.module().train();
  }
}

void Training::require_trainable(const Pipeline& pipeline) {
  const auto freezes = [](const PassUse& use) {
    const std::string& name = use.row->name;
    return name == "freeze-module-inplace" || name == "finalize" ||
           (name == "freeze-module" && !use.options.flag("preserve-parameters"));
  };
  const auto found = std::ranges::find_if(pipeline.uses(), freezes);
  if (found != pipeline.uses().end()) {
    throw Error(ErrorKind::usage,
                fmt::format("{} makes constants of the parameters, so nothing is left to train", found->row->name));
  }
}

void Training::require_trainable(const Variant& variant) {
  if (!variant.unit.has_module()) {
    throw Error(ErrorKind::usage, fmt::format("{} is a bare graph, which has no parameters to train: give a module",
                                              variant.unit.name()));
  }
  if (trainable_parameters(variant.unit.module()).empty()) {
    throw Error(ErrorKind::usage, "no parameter of the module requires gradients: there is nothing to train");
  }
}

c10::IValue Training::first_steps(const BenchTarget& target, const Variant& variant, bool must_be_finite,
                                  MemoryUse* memory) {
  const Phase phase(fmt::format("training {}", variant.unit.name()));
  TrainRecord record;
  for (const at::Tensor& parameter : trainable_parameters(variant.unit.module())) {
    ++record.parameters;
    record.weights += static_cast<uint64_t>(parameter.numel());
  }
  c10::impl::GenericDict compared(c10::StringType::get(), c10::AnyType::get());
  TrainStep step(target, variant, settings_);
  bool finite = true;
  const size_t steps =
      target.executor == Executor::as_is ? settings_.steps : std::max(settings_.steps, steps_until_compiled);
  for (size_t i = 1; i <= steps; ++i) {
    step.prepare();
    const MemoryUse use = measure_memory([&] { step.run(/*wait=*/false); });
    if (memory != nullptr) {
      *memory = use; // the last step's value remains
    }
    const double norm = step.gradient_norm();
    if (i <= settings_.steps) {
      record.losses.push_back(step.loss());
      record.norms.push_back(norm);
    }
    finite = finite && std::isfinite(step.loss()) && std::isfinite(norm);
    if (!finite && must_be_finite) {
      throw Error(ErrorKind::check,
                  fmt::format("training step {}: the loss is {:g} and the gradients' norm {:g}: try a "
                              "smaller {}, fewer {}, or other inputs",
                              i, step.loss(), norm, spelled(Setting::learning_rate), spelled(Setting::steps)));
    }
    if (i <= std::min(compared_steps, settings_.steps)) {
      // As float32, the precision in which rivals compute them too.
      compared.insert(fmt::format("loss of step {}", i), at::scalar_tensor(step.loss(), at::kFloat));
      compared.insert(fmt::format("gradients' norm of step {}", i), at::scalar_tensor(norm, at::kFloat));
    }
  }
  compared.insert("all losses and gradients are finite", finite);
  record.differentiable_graphs = count_differentiable_graphs(*variant.runnable.executed_graph());
  records_[key_of(variant.origin, variant.passes)] = std::move(record);
  return compared;
}

Arm Training::arm(const BenchTarget& target, Variant variant) {
  TrainRecord& record = records_[key_of(variant.origin, variant.passes)];
  auto state = std::make_shared<TrainedArm>(target, std::move(variant), settings_);
  Arm arm;
  arm.call = [state] {
    state->step.prepare();
    state->step.run(/*wait=*/false);
  };
  // On a CPU, timing the parts costs three more readings of the clock in a step, 25 ns each. On a device, the step
  // would have to wait after each part, which makes it longer; so one extra step per slot times the parts.
  const bool parts_apart = !target.device.is_cpu();
  arm.take_samples = [state, &record, parts_apart](std::span<double> samples, size_t steps) {
    if (parts_apart) {
      state->step.prepare();
      record.times.push_back(state->step.run(/*wait=*/true));
    }
    for (double& sample : samples) {
      double total = 0;
      for (size_t i = 0; i < steps; ++i) {
        state->step.prepare();
        const StepTimes times = state->step.run(/*wait=*/false);
        total += times.total();
        if (!parts_apart) {
          record.times.push_back(times);
        }
      }
      sample = total / static_cast<double>(steps);
    }
  };
  if (target.executor != Executor::as_is) {
    arm.plan = [state] { return canonical_hash(*state->variant.runnable.executed_graph()); };
  }
  return arm;
}

const TrainRecord* Training::record(const std::string& origin, std::span<const PassOutcome> passes) const {
  const auto found = records_.find(key_of(origin, passes));
  return found == records_.end() ? nullptr : &found->second;
}

} // namespace tsir
