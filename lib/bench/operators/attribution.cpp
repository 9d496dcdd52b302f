#include "lib/bench/operators/attribution.h"

#include "lib/bench/stats/statistics.h"

#include <cmath>
#include <set>

namespace tsir {
namespace {

constexpr double level = 0.95;

double ns_of(const ProfiledTurn& turn, const std::string& name) {
  const auto found = turn.operators.find(name);
  return found == turn.operators.end() ? 0 : found->second.ns;
}

double calls_of(const ProfiledTurn& turn, const std::string& name) {
  const auto found = turn.operators.find(name);
  return found == turn.operators.end() ? 0 : found->second.calls;
}

bool usable(const OperatorRounds& rounds, size_t arm) {
  return rounds.failures[arm].empty() && !rounds.rounds.empty();
}

// One value for each block, by round.
using Values = std::vector<std::vector<double>>;

Values collect(const OperatorRounds& rounds, const std::function<double(const ProfiledBlock&)>& value) {
  Values values;
  for (const auto& blocks : rounds.rounds) {
    values.emplace_back();
    std::ranges::transform(blocks, std::back_inserter(values.back()), value);
  }
  return values;
}

// Estimates as for the ratios of verdicts: Hodges-Lehmann within a round, Student's t over rounds, signed ranks if
// there is only one. But the estimate over rounds is also Hodges-Lehmann: with dozens of rows, one disturbed round
// could otherwise put the wrong row first.
Interval estimate(const Values& values) {
  std::vector<double> rounds;
  std::ranges::transform(values, std::back_inserter(rounds), [](const auto& blocks) { return hodges_lehmann(blocks); });
  if (rounds.size() == 1) {
    return wilcoxon_interval(values.front(), level);
  }
  Interval interval = t_interval(rounds, level);
  interval.estimate = hodges_lehmann(rounds);
  return interval;
}

double middle(const Values& values) {
  std::vector<double> rounds;
  std::ranges::transform(values, std::back_inserter(rounds), [](const auto& blocks) { return median(blocks); });
  return median(rounds);
}

std::set<std::string> names_of(const OperatorRounds& rounds, const std::vector<size_t>& arms) {
  std::set<std::string> names;
  for (const auto& blocks : rounds.rounds) {
    for (const ProfiledBlock& block : blocks) {
      for (const size_t arm : arms) {
        for (const auto& [name, time] : block[arm].operators) {
          names.insert(name);
        }
      }
    }
  }
  return names;
}

double calls_of(const OperatorRounds& rounds, size_t arm, const std::string& name) {
  return middle(collect(rounds, [&](const ProfiledBlock& block) { return calls_of(block[arm], name); }));
}

double profiled_over_plain(const OperatorRounds& rounds, size_t arm) {
  return middle(collect(rounds, [&](const ProfiledBlock& block) {
    return block[arm].call_ns > 0 ? block[arm].operators_ns() / block[arm].call_ns : 1;
  }));
}

// The factor that corrects for a machine that was faster or slower in the profiled rounds than in the timed ones: the
// ratio of the times without the profile. If the profile itself slowed operators down, so that their sum exceeds the
// call, they are scaled down to the call. This happens with very small operators, whose data and branch predictions are
// evicted by the profile's records.
double scale_of(const OperatorRounds& rounds, size_t arm, double measured_ns) {
  const double here = middle(collect(rounds, [&](const ProfiledBlock& block) { return block[arm].call_ns; }));
  const double drift = here > 0 && measured_ns > 0 ? measured_ns / here : 1;
  return drift / std::max(1.0, profiled_over_plain(rounds, arm));
}

template <typename Row> void balance(Account<Row>& account, double measured_ns, double Row::*value) {
  account.measured_ns = measured_ns;
  for (const Row& row : account.operators) {
    account.attributed_ns += row.*value;
  }
  account.unattributed_ns = account.measured_ns - account.attributed_ns;
  std::ranges::stable_sort(account.operators, std::greater<>(), [&](const Row& row) { return std::abs(row.*value); });
}

// A group belongs to each replacement that shares an operator with it; such replacements are merged.
void add_group(std::vector<Replacement>& replacements, const std::string& group,
               const std::vector<std::string>& operators) {
  Replacement joined{{group}, 0, operators, 0};
  std::vector<Replacement> others;
  for (Replacement& other : replacements) {
    if (std::ranges::find_first_of(other.operators, joined.operators) == other.operators.end()) {
      others.push_back(std::move(other));
      continue;
    }
    joined.groups.insert(joined.groups.end(), other.groups.begin(), other.groups.end());
    for (const std::string& name : other.operators) {
      if (std::ranges::find(joined.operators, name) == joined.operators.end()) {
        joined.operators.push_back(name);
      }
    }
  }
  others.push_back(std::move(joined));
  replacements = std::move(others);
}

std::vector<Replacement> replacements_in(const std::vector<OperatorDelta>& rows, const FusionGroups& groups) {
  std::map<std::string, const OperatorDelta*> by_name;
  for (const OperatorDelta& row : rows) {
    by_name.emplace(row.name, &row);
  }
  const auto replaced = [&](const std::string& name) {
    const auto found = by_name.find(name);
    return found != by_name.end() && found->second->variant_calls < found->second->reference_calls;
  };
  std::vector<Replacement> replacements;
  for (const OperatorDelta& row : rows) {
    const auto group = groups.find(row.name);
    if (group == groups.end() || row.variant_calls <= row.reference_calls) {
      continue;
    }
    std::vector<std::string> operators;
    for (const std::string& name : group->second) {
      for (const std::string& form : {name, name + "_"}) { // fusers also take in-place operators
        if (replaced(form)) {
          operators.push_back(form);
        }
      }
    }
    if (!operators.empty()) {
      add_group(replacements, row.name, operators);
    }
  }
  for (Replacement& replacement : replacements) {
    for (const std::string& name : replacement.groups) {
      replacement.groups_ns += by_name.at(name)->delta_ns;
    }
    for (const std::string& name : replacement.operators) {
      replacement.operators_ns += by_name.at(name)->delta_ns;
    }
  }
  return replacements;
}

} // namespace

std::optional<Profile> profile_of(const OperatorRounds& rounds, size_t arm, double measured_ns) {
  if (!usable(rounds, arm)) {
    return std::nullopt;
  }
  const double scale = scale_of(rounds, arm, measured_ns);
  Profile profile;
  for (const std::string& name : names_of(rounds, {arm})) {
    const Interval ns =
        estimate(collect(rounds, [&](const ProfiledBlock& block) { return scale * ns_of(block[arm], name); }));
    profile.operators.push_back({name, ns.estimate, ns.low, ns.high, calls_of(rounds, arm, name)});
  }
  balance(profile, measured_ns, &OperatorShare::ns);
  profile.profiled_call = profiled_over_plain(rounds, arm);
  return profile;
}

std::optional<Attribution> attribute(const OperatorRounds& rounds, size_t arm, size_t reference,
                                     const MeasuredPair& measured, const FusionGroups& groups) {
  if (!usable(rounds, arm) || !usable(rounds, reference)) {
    return std::nullopt;
  }
  // One factor for both, because two factors would add their noise to every difference.
  const double scale =
      std::sqrt(scale_of(rounds, arm, measured.variant_ns) * scale_of(rounds, reference, measured.reference_ns));
  Attribution attribution;
  for (const std::string& name : names_of(rounds, {arm, reference})) {
    const auto scaled = [&](size_t which) {
      return collect(rounds, [&](const ProfiledBlock& block) { return scale * ns_of(block[which], name); });
    };
    const Interval delta = estimate(collect(rounds, [&](const ProfiledBlock& block) {
      return scale * (ns_of(block[arm], name) - ns_of(block[reference], name));
    }));
    attribution.operators.push_back({name, estimate(scaled(reference)).estimate, estimate(scaled(arm)).estimate,
                                     delta.estimate, delta.low, delta.high, calls_of(rounds, reference, name),
                                     calls_of(rounds, arm, name)});
  }
  balance(attribution, measured.delta_ns, &OperatorDelta::delta_ns);
  attribution.replacements = replacements_in(attribution.operators, groups);
  return attribution;
}

} // namespace tsir
