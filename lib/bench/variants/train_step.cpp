#include "lib/bench/variants/train_step.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/compat/messages.h"
#include "lib/run/compare.h"
#include "lib/run/device.h"
#include "lib/run/failure.h"
#include "lib/run/state.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

namespace tsir {
namespace {

using Steady = std::chrono::steady_clock;

double ns_between(Steady::time_point start, Steady::time_point end) {
  return std::chrono::duration<double, std::nano>(end - start).count();
}

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const TrainSettings& settings,
                                                        const std::vector<at::Tensor>& parameters) {
  if (settings.optimizer == TrainOptimizer::adam) {
    return std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(settings.learning_rate));
  }
  return std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(settings.learning_rate));
}

// The first floating-point tensor in `value` that has a gradient; undefined if there is none.
at::Tensor differentiable(const c10::IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    return tensor.defined() && tensor.is_floating_point() && tensor.requires_grad() ? tensor : at::Tensor();
  }
  std::vector<c10::IValue> parts;
  if (value.isTuple()) {
    parts = value.toTupleRef().elements();
  } else if (value.isList()) {
    parts = value.toListRef().vec();
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      parts.push_back(entry.value());
    }
  } else if (value.isObject()) {
    parts = value.toObjectRef().slots();
  }
  for (const c10::IValue& part : parts) {
    if (at::Tensor found = differentiable(part); found.defined()) {
      return found;
    }
  }
  return {};
}

// Makes targets from the seed and the shape only, without affecting the model's own random numbers.
at::Tensor make_targets(const at::Tensor& output, TrainLoss loss, uint64_t seed) {
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  if (loss == TrainLoss::mse) {
    return at::randn(output.sizes(), generator, at::kFloat).to(output.options());
  }
  const int64_t classes = output.dim() > 1 ? 1 : 0;
  std::vector<int64_t> shape = output.sizes().vec();
  shape.erase(shape.begin() + classes);
  return at::randint(output.size(classes), shape, generator, at::kLong).to(output.device());
}

std::string backward_failure(const std::exception& error) {
  std::string line = one_line(error);
  line = line.substr(0, line.find(text_of(Message::hint)));
  if (says(line, Message::modified_in_place)) {
    line += "; the model or a pass writes to a tensor that its gradient needs";
  }
  if (says(line, Message::second_backward)) {
    line = fmt::format(
        "the model keeps state between calls that refers to the step before: {} 1 resets it before every step",
        spelled(Setting::steps));
  }
  return line;
}

} // namespace

struct TrainStep::State {
  const BenchTarget& target;
  const Variant& variant;
  const TrainSettings& settings;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> start; // their values at the start
  ModuleState buffers;
  jit::Stack arguments;
  jit::Stack stack;
  at::Tensor targets; // of the loss; made for the first output
  at::Tensor loss;
  std::unique_ptr<torch::optim::Optimizer> optimizer = nullptr;
  size_t done = 0; // steps since the start

  void go_to_start();
  at::Tensor loss_of_outputs();
  const char* part = ""; // the part that is running
};

void TrainStep::State::go_to_start() {
  {
    const at::NoGradGuard no_grad;
    for (size_t i = 0; i < parameters.size(); ++i) {
      parameters[i].copy_(start[i]);
    }
  }
  buffers.restore();
  optimizer = make_optimizer(settings, parameters);
  seed_generators(target.seed);
  done = 0;
}

at::Tensor TrainStep::State::loss_of_outputs() {
  at::Tensor output;
  for (size_t i = 0; i < stack.size() && !output.defined(); ++i) {
    output = differentiable(stack[i]);
  }
  if (!output.defined()) {
    throw Error(
        ErrorKind::check,
        fmt::format("no floating-point output of {} depends on a trainable parameter, so there is no loss to train on",
                    variant.unit.name()));
  }
  if (output.dim() == 0) { // the model's own loss
    return output;
  }
  if (settings.loss == TrainLoss::mean) {
    return output.mean();
  }
  if (!targets.defined()) {
    targets = make_targets(output, settings.loss, target.seed);
  }
  return settings.loss == TrainLoss::mse ? at::mse_loss(output, targets) : at::cross_entropy_loss(output, targets);
}

std::vector<at::Tensor> trainable_parameters(const jit::Module& module) {
  std::vector<at::Tensor> list;
  std::unordered_set<const c10::TensorImpl*> seen; // to skip parameters that several submodules share
  for (const at::Tensor& tensor : module.parameters()) {
    if (tensor.defined() && tensor.requires_grad() && seen.insert(tensor.unsafeGetTensorImpl()).second) {
      list.push_back(tensor);
    }
  }
  return list;
}

TrainStep::TrainStep(const BenchTarget& target, const Variant& variant, const TrainSettings& settings) {
  std::vector<at::Tensor> parameters = trainable_parameters(variant.unit.module());
  std::vector<at::Tensor> start;
  for (const at::Tensor& parameter : parameters) {
    start.push_back(parameter.detach().clone());
  }
  state_ = std::make_unique<State>(State{target,
                                         variant,
                                         settings,
                                         std::move(parameters),
                                         std::move(start),
                                         ModuleState(variant.unit.module()),
                                         variant.runnable.full_stack(deep_copies(target.inputs)),
                                         {},
                                         {},
                                         {}});
  if (state_->arguments.size() != variant.unit.graph()->inputs().size()) { // the interpreter would read past the end
    throw Error(ErrorKind::check,
                fmt::format("{} no longer takes these inputs, so it cannot be trained on them", variant.unit.name()));
  }
  state_->go_to_start();
}

TrainStep::~TrainStep() = default;

void TrainStep::prepare() {
  if (state_->done >= state_->settings.steps) {
    state_->go_to_start();
    synchronize(state_->target.device);
  }
  if (!state_->settings.time_zero_grad) {
    state_->optimizer->zero_grad();
  }
}

StepTimes TrainStep::run(bool wait) {
  State& state = *state_;
  const c10::AutoGradMode grad(true);
  // For the gradient graphs that autodiff made, which run in backward.
  const jit::GraphOptimizerEnabledGuard optimizing(state.target.executor != Executor::as_is);
  const auto stamp = [&] {
    if (wait) {
      synchronize(state.target.device);
    }
    return Steady::now();
  };
  try {
    StepTimes times;
    state.part = "zero_grad";
    const auto begin = Steady::now();
    if (state.settings.time_zero_grad) {
      state.optimizer->zero_grad();
    }
    const auto forward = stamp();
    state.part = "forward";
    state.stack = state.arguments; // frees the outputs of the step before
    state.variant.runnable.run_raw(state.stack);
    const auto loss = stamp();
    state.part = "loss";
    state.loss = state.loss_of_outputs();
    const auto backward = stamp();
    state.part = "backward";
    state.loss.backward();
    const auto optimizer = stamp();
    state.part = "optimizer";
    state.optimizer->step();
    synchronize(state.target.device);
    const auto end = Steady::now();
    ++state.done;
    return {ns_between(forward, loss), ns_between(loss, backward), ns_between(backward, optimizer),
            ns_between(begin, forward) + ns_between(optimizer, end)};
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    const std::string part = state.part;
    throw Error(ErrorKind::check, part == "forward"
                                      ? run_failure(state.variant.unit.name(), error, true)
                                      : fmt::format("{} of the training step failed: {}", part,
                                                    part == "backward" ? backward_failure(error) : one_line(error)));
  }
}

double TrainStep::loss() const {
  return state_->loss.item<double>();
}

double TrainStep::gradient_norm() const {
  const at::NoGradGuard no_grad;
  double squares = 0;
  for (const at::Tensor& parameter : state_->parameters) {
    const at::Tensor& grad = parameter.grad();
    if (grad.defined()) {
      const at::Tensor values = grad.is_sparse() ? grad.coalesce().values() : grad;
      const double norm = values.to(at::kFloat).norm().item<double>();
      squares += norm * norm;
    }
  }
  return std::sqrt(squares);
}

} // namespace tsir
