#include "passes/onednn_plan.h"

#include "lib/base/units.h"
#include "lib/ir/hash.h"
#include "lib/model/effects.h"
#include "lib/process/phase.h"
#include "lib/run/compare.h"
#include "lib/run/probe.h"
#include "passes/onednn_groups.h"

#include <deque>
#include <mutex>

namespace tsir {
namespace {

using Values = std::vector<c10::IValue>;

// Whether the graph runs, and how what it computes compares with the reference.
std::optional<Difference> difference_from(const Values& reference, const GraphPtr& graph, const TrialRun& run) {
  try {
    return compare(reference, run_graph(graph, run));
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
  result.opaque = plan.opaque;
  host_passes::onednn::settle_layouts(fused, plan.opaque);
  return result;
}

GraphPtr applied_to_copy(const Plan& plan, jit::Graph& fused) {
  GraphPtr copy = fused.copy();
  apply_plan(plan, *copy);
  return copy;
}

Plan plan_groups(jit::Graph& fused, const GraphPtr& original, const TrialRun& run) {
  const Phase phase("trying the groups");
  const size_t count = onednn_groups(fused).size();
  const auto runs_right = [&](const Values& reference, const GraphPtr& graph) {
    const auto difference = difference_from(reference, graph, run);
    return difference && difference->same;
  };
  const Values reference = run_graph(original, run);

  // Usually all groups are right, and one run of the whole shows it. (It does not show missing gradients.)
  Plan plan{std::vector<std::string>(count)};
  const GraphPtr whole = applied_to_copy(plan, fused);
  const bool all_right = !run.grad && runs_right(reference, with_notes(*whole, plan.reasons));
  if (!all_right) {
    plan.reasons = verdicts_of_trials(fused, run);
  }
  const auto dissolved = static_cast<size_t>(std::ranges::count_if(plan.reasons, std::not_fn(&std::string::empty)));
  if (dissolved == count || (all_right && dissolved == 0) || runs_right(reference, applied_to_copy(plan, fused))) {
    return plan;
  }

  // Each group is right on its own. With plain layouts everywhere, all run as they did in their trials.
  plan.opaque = false;
  if (!difference_from(reference, applied_to_copy(plan, fused), run)) {
    for (std::string& reason : plan.reasons) {
      reason = reason.empty() ? "the groups do not run together" : reason;
    }
  }
  return plan;
}

// The latest plans. A bench fuses the same graph once in every round, and oneDNN compiles it anew each time, which may
// take seconds.
class KnownPlans {
public:
  // `hash`: of the fused graph with its constants.
  std::optional<Plan> find(uint64_t hash, const TrialRun& run) {
    const std::lock_guard lock(mutex_);
    for (const Known& known : plans_) {
      if (known.hash == hash && known.grad == run.grad && compare(known.inputs, run.inputs).identical) {
        return known.plan;
      }
    }
    return std::nullopt;
  }

  void add(uint64_t hash, const TrialRun& run, const Plan& plan) {
    const std::lock_guard lock(mutex_);
    plans_.push_front({hash, run.grad, deep_copies(run.inputs), plan});
    plans_.resize(std::min<size_t>(plans_.size(), 4));
  }

private:
  struct Known {
    uint64_t hash;
    bool grad;
    Values inputs;
    Plan plan;
  };
  std::mutex mutex_;
  std::deque<Known> plans_;
};

} // namespace

GroupTrials dissolve_failing_groups(jit::Graph& fused, const GraphPtr& original, const TrialRun& run) {
  if (onednn_groups(fused).empty()) {
    return {};
  }
  static KnownPlans known;
  const uint64_t hash = canonical_hash(fused); // reads all weights
  std::optional<Plan> plan = known.find(hash, run);
  if (!plan) {
    plan = plan_groups(fused, original, run);
    known.add(hash, run, *plan);
  }
  return apply_plan(*plan, fused);
}

std::string describe_dissolved(const GroupTrials& trials) {
  if (trials.dissolved.empty()) {
    return "";
  }
  std::string said = fmt::format("{} of {} kept; {} dissolved: {}", trials.kept,
                                 plural(trials.kept + trials.dissolved.size(), "group"), trials.dissolved.size(),
                                 with_place(trials.dissolved.front().why, trials.dissolved.front().place));
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
