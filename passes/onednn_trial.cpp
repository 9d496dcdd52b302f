#include "passes/onednn_trial.h"

#include "lib/base/error.h"
#include "lib/base/units.h"
#include "lib/compat/traceback.h"
#include "lib/model/effects.h"
#include "lib/process/phase.h"
#include "lib/run/compare.h"
#include "lib/run/probe.h"
#include "lib/run/profile.h"
#include "lib/run/state.h"
#include "lib/run/switches.h"
#include "passes/onednn_groups.h"
#include "passes/onednn_layouts.h"

#include <c10/core/GradMode.h>

namespace tsir {
namespace {

using Values = std::vector<c10::IValue>;

// How often a group in a loop is run: its inputs may be special in the first iteration.
constexpr size_t calls_tried = 3;

constexpr auto unreached = "the example inputs do not reach it";

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

using Types = std::vector<c10::TypePtr>;

// What prim::oneDNNFusionGuard decides.
bool guard_holds(const Types& types, const Values& inputs) {
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

bool is_result_of_group(const jit::Value& value) {
  return value.node()->kind() == c10::prim::If && value.node()->input()->node()->kind() == c10::prim::oneDNNFusionGuard;
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
      may_change_.push_back(own && is_result_of_group(*input));
    }
    const auto graph = std::make_shared<jit::Graph>();
    std::unordered_map<jit::Value*, jit::Value*> inputs;
    for (jit::Value* checked : parts.guard->outputs()) {
      if (inputs.size() < types_.size()) {
        inputs[checked] = graph->addInput()->setType(checked->type());
      }
    }
    jit::Node* copy =
        graph->insertNode(graph->createClone(parts.group, [&](jit::Value* value) { return inputs.at(value); }));
    copy->is_(c10::attr::output_layouts, std::vector<int64_t>(copy->outputs().size(), 0));
    for (jit::Value* output : copy->outputs()) {
      graph->registerOutput(output);
    }
    attempt([&] { code_.emplace(graph, "group"); });
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

  Types types_;
  std::vector<bool> may_change_;
  std::optional<jit::Code> code_;
  std::optional<Values> results_;
  size_t calls_ = 0;
  std::string why_;
};

// Runs a graph as it stands.
Values run_graph(const GraphPtr& graph, const Unit& unit, const Values& inputs, bool grad) {
  seed_generators(0); // so that two runs draw the same random numbers
  const std::vector<SwitchScope> switches = switches_for(*graph);
  const c10::AutoGradMode grad_mode(grad);
  const jit::GraphOptimizerEnabledGuard as_it_stands(false);
  jit::Stack stack = copied_stack(unit, inputs, /*grad=*/false);
  jit::InterpreterState(jit::Code(graph, unit.name())).run(stack);
  return stack;
}

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

// Whether the graph runs, and how its outputs compare with the reference.
std::optional<Difference> difference_from(const Values& reference, const GraphPtr& graph, const Unit& unit,
                                          const Values& inputs, bool grad) {
  try {
    return compare(reference, run_graph(graph, unit, inputs, grad));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// A copy of the fused graph that clears the reason of each group that runs.
GraphPtr with_notes(jit::Graph& fused, std::vector<std::string>& reasons) {
  GraphPtr copy = fused.copy();
  const std::vector<OnednnGroup> groups = onednn_groups(*copy);
  reasons.assign(groups.size(), unreached);
  for (size_t i = 0; i < groups.size(); ++i) {
    add_probe_before(groups[i].choice, groups[i].guard->inputs().vec(),
                     [&reason = reasons[i], types = groups[i].guard->tys(c10::attr::types)](const Values& inputs) {
                       if (guard_holds(types, inputs)) {
                         reason.clear();
                       }
                     });
  }
  return copy;
}

// Runs each group beside its operators. Returns for each why it must be dissolved, or "".
std::vector<std::string> verdicts_of_trials(jit::Graph& fused, const Unit& unit, const Values& inputs, bool grad) {
  const std::vector<OnednnGroup> groups = onednn_groups(fused);
  std::vector<GroupTrial> trials(groups.begin(), groups.end());
  run_graph(with_trials(fused, trials), unit, inputs, grad);
  std::vector<std::string> verdicts;
  std::ranges::transform(trials, std::back_inserter(verdicts), &GroupTrial::verdict);
  return verdicts;
}

// What becomes of the groups.
struct Plan {
  std::vector<std::string> reasons; // for each group, why it is dissolved, or ""
  bool opaque = true;               // whether results may keep oneDNN's layouts
};

GroupTrials apply_plan(const Plan& plan, jit::Graph& fused) {
  GroupTrials result;
  const std::vector<OnednnGroup> groups = onednn_groups(fused);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (plan.reasons[i].empty()) {
      ++result.kept;
    } else {
      result.dissolved.push_back({plan.reasons[i], place_of(first_operator(groups[i]))});
      dissolve(groups[i]);
    }
  }
  settle_layouts(fused, plan.opaque);
  return result;
}

GraphPtr applied_to_copy(const Plan& plan, jit::Graph& fused) {
  GraphPtr copy = fused.copy();
  apply_plan(plan, *copy);
  return copy;
}

Plan plan_groups(jit::Graph& fused, const Unit& unit, const Values& inputs, bool grad) {
  const Phase phase("trying the groups");
  const size_t count = onednn_groups(fused).size();
  const auto runs_right = [&](const Values& reference, const GraphPtr& graph) {
    const auto difference = difference_from(reference, graph, unit, inputs, grad);
    return difference && difference->same;
  };
  Plan plan{std::vector<std::string>(count, "not tried")};
  const Values reference = run_graph(applied_to_copy(plan, fused), unit, inputs, grad);

  // Usually all groups are right, and one run of the whole shows it. (It does not show missing gradients.)
  plan.reasons.assign(count, "");
  const GraphPtr whole = applied_to_copy(plan, fused);
  const bool all_right = !grad && runs_right(reference, with_notes(*whole, plan.reasons));
  if (!all_right) {
    plan.reasons = verdicts_of_trials(fused, unit, inputs, grad);
  }
  const auto dissolved = static_cast<size_t>(std::ranges::count_if(plan.reasons, std::not_fn(&std::string::empty)));
  if (dissolved == count || (all_right && dissolved == 0) || runs_right(reference, applied_to_copy(plan, fused))) {
    return plan;
  }

  // Each group is right on its own. With plain layouts everywhere, all run as they did in their trials.
  plan.opaque = false;
  if (!difference_from(reference, applied_to_copy(plan, fused), unit, inputs, grad)) {
    for (std::string& reason : plan.reasons) {
      reason = reason.empty() ? "the groups do not run together" : reason;
    }
  }
  return plan;
}

} // namespace

GroupTrials dissolve_failing_groups(jit::Graph& fused, const Unit& unit, const Values& inputs, bool grad) {
  if (onednn_groups(fused).empty()) {
    return {};
  }
  // A bench fuses the same graph once in every round. oneDNN compiles it anew each time, which may take seconds.
  static std::map<std::string, Plan> known;
  const std::string key = fmt::format("{}{}", grad, fused.toString(/*print_source_locations=*/false));
  auto found = known.find(key);
  if (found == known.end()) {
    found = known.emplace(key, plan_groups(fused, unit, inputs, grad)).first;
  }
  return apply_plan(found->second, fused);
}

std::string describe_dissolved(const GroupTrials& trials) {
  if (trials.dissolved.empty()) {
    return "";
  }
  const auto text = [](const DissolvedGroup& group) {
    return group.place.empty() ? group.why : fmt::format("{} at {}", group.why, group.place);
  };
  std::string said = fmt::format("{} of {} kept; {} dissolved: {}", trials.kept,
                                 plural(trials.kept + trials.dissolved.size(), "group"), trials.dissolved.size(),
                                 text(trials.dissolved.front()));
  std::set<std::string> reasons;
  for (const DissolvedGroup& group : trials.dissolved) {
    reasons.insert(group.why);
  }
  if (reasons.size() > 1) {
    said += fmt::format(", and {} more", plural(reasons.size() - 1, "reason"));
  } else if (trials.dissolved.size() > 1) {
    said += fmt::format(" and {} more", plural(trials.dissolved.size() - 1, "place"));
  }
  return said;
}

} // namespace tsir
