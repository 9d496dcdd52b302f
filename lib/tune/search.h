// The steps of a search.
#pragma once

#include "lib/tune/job.h"
#include "lib/tune/journal.h"
#include "lib/tune/race.h"
#include "lib/tune/trials.h"

namespace tsir {

// The first sets of all parts, then the second ones, and so on.
InputSets in_turn(const std::vector<InputSets>& parts);

class Search {
public:
  // Opens the model and makes the inputs. Throws as tune() does.
  Search(const TuneJob& job, const TuneHooks& hooks);
  TuneOutcome run();
  Confirmation confirm_only(const TuneCandidate& candidate);
  const TuneOutcome& outcome() const { return outcome_; }

private:
  void open();
  // Input sets of each part of the mix; without a mix, those of the workload.
  std::vector<InputSets> sets_of_parts(uint64_t seed, size_t sets) const;
  void serve_inputs(const std::vector<InputSets>& parts);
  std::vector<Condition> conditions(c10::Device device, const std::vector<InputSets>& parts) const;
  void try_as_loaded();
  void search();
  // Tries the candidates, races those that are good, and keeps what becomes of them. `share`: of the whole time, at
  // the end of this step.
  void compete(const std::vector<TuneCandidate>& candidates, double share);
  std::vector<size_t> try_all(const std::vector<TuneCandidate>& candidates, double until);
  void race_all(const std::vector<size_t>& entrants, double until);
  void race_heat(const std::vector<size_t>& heat, double seconds);
  Gains gains() const;
  std::vector<TuneCandidate> helpful_variants(const TuneCandidate& best) const;
  void confirm();
  std::optional<Confirmation> confirm_fastest(bool savable, double seconds);
  bool holds_on_further_inputs(size_t index, double seconds, size_t& tried);
  // With fresh inputs, in fresh processes, by the bench's protocol and rule.
  Confirmation measure_again(const TuneCandidate& candidate, double seconds);

  std::set<std::string> known_keys() const;
  double elapsed() const;
  bool stopped() const { return hooks_.stop && hooks_.stop(); }
  void tell(const std::string& doing) const;
  Hooks race_hooks(const std::string& step) const;

  const TuneJob& job_;
  const TuneHooks& hooks_;
  Space space_; // the job's, with what is known of the model
  SteadyClock clock_;
  int64_t start_;
  Workload workload_;
  std::shared_ptr<const OpenedModel> model_;
  InputSets sets_;
  std::shared_ptr<RivalJob> served_;
  std::optional<Trials> trials_;
  Journal journal_;
  TuneOutcome outcome_;
};

} // namespace tsir
