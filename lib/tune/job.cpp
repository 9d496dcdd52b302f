#include "lib/tune/job.h"

#include "lib/tune/search.h"

namespace tsir {

const CandidateOutcome* TuneOutcome::find(const TuneCandidate& candidate) const {
  const auto found = std::ranges::find(candidates, candidate, &CandidateOutcome::candidate);
  return found == candidates.end() ? nullptr : &*found;
}

TuneOutcome tune(const TuneJob& job, const TuneHooks& hooks) {
  return Search(job, hooks).run();
}

CheckedRecipe check_recipe(const Recipe& recipe, const TuneJob& job, const TuneHooks& hooks) {
  Search search(job, hooks);
  const TuneOutcome& about = search.outcome();
  return {.differences = differences(recipe, about.sha1, about.conditions),
          .confirmation = search.confirm_only(recipe.candidate)};
}

Recipe recipe_for(const TuneJob& job, const TuneOutcome& outcome, const Confirmation& confirmation,
                  const std::string& made_by) {
  const CandidateOutcome* candidate = outcome.find(confirmation.candidate);
  const Ratio& ratio = confirmation.decision.ratio;
  return {.made_by = made_by,
          .date = outcome.environment.date,
          .model = std::filesystem::path(job.workload.source.file).filename().string(),
          .sha1 = outcome.sha1,
          .method = outcome.method,
          .goal = std::string(to_string(job.goal)),
          .inputs = job.workload.inputs.inputs,
          .mix = job.mix,
          .conditions = outcome.conditions,
          .candidate = confirmation.candidate,
          .savable = candidate != nullptr && candidate->savable(),
          .compared = candidate != nullptr && candidate->compared,
          .drift = candidate != nullptr ? candidate->drift : 0,
          .further_inputs = confirmation.further_inputs,
          .confirmed = {.ratio = ratio.ratio,
                        .low = ratio.low,
                        .high = std::isfinite(ratio.high) ? ratio.high : 1e9,
                        .rounds = ratio.rounds,
                        .level = ratio.level},
          .faster = confirmation.decision.outcome == Outcome::faster};
}

} // namespace tsir
