#include "passes/onednn_trial.h"

#include "lib/base/error.h"
#include "lib/compat/traceback.h"
#include "lib/run/compare.h"
#include "lib/run/probe.h"
#include "lib/run/profile.h"
#include "lib/run/runnable.h"
#include "lib/run/state.h"
#include "lib/run/switches.h"
#include "passes/onednn_groups.h"

#include <c10/core/GradMode.h>

namespace tsir {
namespace {

using Values = std::vector<c10::IValue>;

// How often a group in a loop is run: its inputs may be special in the first iteration.
constexpr size_t calls_tried = 3;

std::string in_one_line(const std::exception& error) {
  const std::string message = parse_traceback(error.what()).message;
  return message.empty() ? one_line(error, 120) : one_line(message, 120);
}

// A copy of a tensor with the same strides, also where elements overlap.
at::Tensor copy_with_strides(const at::Tensor& tensor) {
  const c10::NoGradGuard no_grad;
  if (tensor.layout() != at::kStrided || tensor.is_non_overlapping_and_dense()) {
    return tensor.detach().clone(at::MemoryFormat::Preserve);
  }
  const auto whole = static_cast<int64_t>(tensor.storage().nbytes() / tensor.element_size());
  const at::Tensor all = tensor.detach().as_strided({whole}, {1}, 0).clone();
  return all.as_strided(tensor.sizes(), tensor.strides(), tensor.storage_offset());
}

Values copies_with_strides(const Values& values) {
  Values copies;
  for (const c10::IValue& value : values) {
    copies.push_back(value.isTensor() && value.toTensor().defined() ? copy_with_strides(value.toTensor()) : value);
  }
  return copies;
}

// The group in a graph of its own, whose inputs are what the guard checks.
GraphPtr alone(const OnednnGroup& parts) {
  const auto graph = std::make_shared<jit::Graph>();
  std::unordered_map<jit::Value*, jit::Value*> inputs;
  for (size_t i = 0; i < parts.guard->inputs().size(); ++i) {
    jit::Value* checked = parts.guard->output(i);
    inputs[checked] = inputs[parts.guard->input(i)] = graph->addInput()->setType(checked->type());
  }
  jit::Node* copy =
      graph->insertNode(graph->createClone(parts.group, [&](jit::Value* value) { return inputs.at(value); }));
  copy->is_(c10::attr::output_layouts, std::vector<int64_t>(copy->outputs().size(), 0));
  for (jit::Value* output : copy->outputs()) {
    graph->registerOutput(output);
  }
  return graph;
}

// One group, in a graph of its own, and what was seen when it ran beside its operators.
class GroupTrial {
public:
  explicit GroupTrial(const OnednnGroup& parts) : types_(parts.guard->tys(c10::attr::types)) {
    for (const jit::Value* input : parts.guard->inputs()) {
      // The group or the fallback of the same prim::If may change a value in place that nobody else reads.
      const bool own = std::ranges::all_of(input->uses(), [&](const jit::Use& use) {
        return use.user == parts.guard || use.user->owningBlock()->owningNode() == parts.choice;
      });
      may_change_.push_back(own && is_choice(*input->node()));
    }
    attempt([&] { code_.emplace(alone(parts), "group"); });
  }

  // Called with the group's inputs before its operators run.
  void before(const Values& inputs) {
    results_.reset();
    if (!why_.empty() || calls_ >= calls_tried || !guard_holds(types_, inputs)) {
      return;
    }
    ++calls_;
    Values stack = copies_with_strides(inputs);
    const Values given = stack; // the same tensors
    attempt([&] {
      const c10::NoGradGuard no_grad;
      jit::InterpreterState(*code_).run(stack);
      results_ = std::move(stack);
    });
    for (size_t i = 0; results_ && i < given.size(); ++i) {
      if (!may_change_[i] && !compare(inputs[i], given[i]).identical) {
        fail("it overwrites an input that is read again");
      }
    }
  }

  // Called with the results of the operators.
  void after(const Values& reference) {
    if (!results_) {
      return;
    }
    const bool gradients = std::ranges::any_of(
        reference, [](const c10::IValue& value) { return value.isTensor() && value.toTensor().requires_grad(); });
    const Difference difference = compare(reference, *results_);
    if (gradients) {
      fail("it cannot compute gradients");
    } else if (!difference.same) {
      fail(fmt::format("it gives other results ({})", difference.what));
    }
    results_.reset();
  }

  // Why the group must be dissolved; "" if it may stay.
  std::string verdict() const { return why_.empty() && calls_ == 0 ? unreached : why_; }

private:
  void attempt(const std::function<void()>& action) {
    try {
      action();
    } catch (const std::exception& error) {
      fail(in_one_line(error));
    }
  }

  void fail(std::string why) {
    if (why_.empty()) {
      why_ = std::move(why);
    }
  }

  std::vector<c10::TypePtr> types_;
  std::vector<bool> may_change_;
  std::optional<jit::Code> code_;
  std::optional<Values> results_;
  size_t calls_ = 0;
  std::string why_;
};

// A copy of the fused graph that runs every operator unfused and, at the place of each group, its trial.
GraphPtr with_trials(jit::Graph& fused, std::vector<GroupTrial>& trials) {
  GraphPtr copy = fused.copy();
  const std::vector<OnednnGroup> groups = onednn_groups(*copy);
  for (size_t i = 0; i < groups.size(); ++i) {
    GroupTrial& trial = trials[i];
    add_probe_before(groups[i].choice, groups[i].guard->inputs().vec(),
                     [&trial](const Values& inputs) { trial.before(inputs); });
    add_probe_before(groups[i].choice->next(), groups[i].choice->outputs().vec(),
                     [&trial](const Values& results) { trial.after(results); });
    dissolve(groups[i]);
  }
  return copy;
}

} // namespace

bool guard_holds(const std::vector<c10::TypePtr>& types, const std::vector<c10::IValue>& inputs) {
  for (size_t i = 0; i < types.size(); ++i) {
    const auto type = types[i]->cast<c10::TensorType>();
    if (!inputs[i].isTensor() || !inputs[i].toTensor().defined()) {
      return false;
    }
    const at::Tensor& tensor = inputs[i].toTensor();
    if (!tensor.is_mkldnn() && type && !type->matchTensor(tensor)) {
      return false;
    }
  }
  return true;
}

std::vector<c10::IValue> run_graph(const GraphPtr& graph, const TrialRun& run) {
  seed_generators(0); // so that two runs draw the same random numbers
  const std::vector<SwitchScope> switches = switches_for(*graph);
  const RunScope as_it_stands(/*optimizing=*/false, run.grad);
  jit::Stack stack = copied_stack(run.unit, run.inputs, /*grad=*/false);
  const jit::Stack arguments = stack; // the same tensors
  jit::InterpreterState(jit::Code(graph, run.unit.name())).run(stack);
  stack.insert(stack.end(), arguments.begin(), arguments.end());
  return stack;
}

std::vector<std::string> verdicts_of_trials(jit::Graph& fused, const TrialRun& run) {
  const std::vector<OnednnGroup> groups = onednn_groups(fused);
  std::vector<GroupTrial> trials(groups.begin(), groups.end());
  run_graph(with_trials(fused, trials), run);
  std::vector<std::string> verdicts;
  std::ranges::transform(trials, std::back_inserter(verdicts), &GroupTrial::verdict);
  return verdicts;
}

} // namespace tsir
