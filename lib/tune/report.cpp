// What tune reports, as text and JSON.
#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/tune/job.h"
#include "lib/tune/rows.h"

namespace tsir {
namespace {

std::string table_text(Goal goal, const TuneOutcome& outcome) {
  using Align = Table::Align;
  Table table({{"candidate"},
               {fmt::format("{}, of that as loaded", to_string(goal))},
               {"median", Align::right},
               {"drift", Align::right},
               {""}});
  const CandidateOutcome& reference = outcome.candidates.front();
  table.add({reference.candidate.name(), "1", reference.median_ns > 0 ? figure_text(goal, reference.median_ns) : "",
             reference.compared ? "equal" : "", ""});
  for (const CandidateOutcome* row : ordered(outcome)) {
    table.add({row->candidate.name(), result_text(*row), row->median_ns > 0 ? figure_text(goal, row->median_ns) : "",
               drift_text(*row), remark(*row)});
  }
  return table.text();
}

// What it says of a candidate of the search, besides the time.
std::string trial_text(const TuneOutcome& all, const Confirmation& confirmation) {
  const CandidateOutcome& outcome = *all.find(confirmation.candidate);
  const std::string outputs = outputs_text(outcome, confirmation.further_inputs);
  return (outputs.empty() ? "" : fmt::format("  outputs   {}\n", outputs)) +
         fmt::format("  memory    at most {}\n", memory_text(all, outcome));
}

std::string confirmation_text(Goal goal, const Confirmation& confirmation) {
  const Decision& decision = confirmation.decision;
  return fmt::format(
      "  passes    {}\n  settings  {}\n  measured again: {}, {} of that as loaded ({} instead of {}), {}\n",
      confirmation.candidate.passes.empty() ? "none" : confirmation.candidate.passes,
      to_text(confirmation.candidate.settings), to_string(decision.outcome), ratio_text(decision.ratio),
      figure_text(goal, confirmation.median_ns), figure_text(goal, confirmation.as_loaded_ns),
      plural(decision.ratio.rounds, "round"));
}

std::string named_text(Goal goal, const TuneOutcome& all, const Confirmation& confirmation) {
  return confirmation.candidate.name() + "\n" + confirmation_text(goal, confirmation) + trial_text(all, confirmation);
}

std::string recommendation(Goal goal, const TuneOutcome& outcome) {
  if (!is_faster(outcome.best)) {
    const std::string tried = outcome.best
                                  ? "The fastest in the race was not shown to be faster when it was measured again:\n" +
                                        named_text(goal, outcome, *outcome.best)
                                  : "";
    const std::string savable = is_faster(outcome.best_savable)
                                    ? "What a .pt can hold:\n" + named_text(goal, outcome, *outcome.best_savable)
                                    : "leave it as it is: nothing was found that is faster\n";
    return tried + savable;
  }
  std::string text = "best: " + named_text(goal, outcome, *outcome.best);
  if (outcome.best_savable && outcome.best_savable->candidate != outcome.best->candidate) {
    text += "best that a .pt can hold: " + named_text(goal, outcome, *outcome.best_savable);
  } else if (!outcome.best_savable) {
    text += "nothing that a .pt can hold was faster\n";
  }
  return text;
}

nlohmann::ordered_json confirmation_json(const std::optional<Confirmation>& confirmation) {
  if (!confirmation) {
    return nullptr;
  }
  const Ratio& ratio = confirmation->decision.ratio;
  nlohmann::ordered_json json = to_json(confirmation->candidate);
  json["name"] = confirmation->candidate.name();
  json["verdict"] = to_string(confirmation->decision.outcome);
  json["ratio"] = ratio.ratio;
  json["low"] = ratio.low;
  json["high"] = ratio.high;
  json["level"] = ratio.level;
  json["rounds"] = ratio.rounds;
  json["median_ns"] = confirmation->median_ns;
  json["as_loaded_ns"] = confirmation->as_loaded_ns;
  json["further_inputs"] = confirmation->further_inputs;
  return json;
}

} // namespace

std::string to_text(const TuneJob& job, const TuneOutcome& outcome) {
  const Environment& machine = outcome.environment;
  const std::string device = value_of(outcome.conditions, "device");
  std::string text =
      fmt::format("{}: {}, {}{}, {}, LibTorch {}, {:.0f} s\n\n", job.workload.source.file, outcome.method,
                  machine.cpu_model, device == "cpu" ? "" : " with device " + device,
                  plural(static_cast<size_t>(machine.threads), "thread"), machine.libtorch, outcome.seconds);
  if (!job.mix.empty()) {
    text += fmt::format("of every {} calls: {}\n\n", calls_of_cycle(job.mix), to_text(job.mix));
  }
  text += table_text(job.goal, outcome) + "\n";
  for (const std::string& note : outcome.notes) {
    text += "note: " + note + "\n";
  }
  return text + (outcome.interrupted ? "interrupted: what was found so far is not confirmed\n"
                                     : recommendation(job.goal, outcome));
}

std::string to_text(const TuneJob& job, const CheckedRecipe& checked) {
  std::string text;
  for (const std::string& difference : checked.differences) {
    text += "differs: " + difference + "\n";
  }
  return text + checked.confirmation.candidate.name() + "\n" + confirmation_text(job.goal, checked.confirmation);
}

nlohmann::ordered_json to_json(const TuneJob& job, const TuneOutcome& outcome) {
  auto candidates = nlohmann::ordered_json::array();
  for (const CandidateOutcome& candidate : outcome.candidates) {
    candidates.push_back(to_json(candidate));
  }
  auto conditions = nlohmann::ordered_json::object();
  for (const Condition& condition : outcome.conditions) {
    conditions[condition.name] = condition.value;
  }
  return {{"schema", "tsir.tune/1"},
          {"file", job.workload.source.file},
          {"sha1", outcome.sha1},
          {"method", outcome.method},
          {"goal", to_string(job.goal)},
          {"date", outcome.environment.date},
          {"conditions", conditions},
          {"mix", to_json(job.mix)},
          {"candidates", candidates},
          {"best", confirmation_json(outcome.best)},
          {"best_savable", confirmation_json(outcome.best_savable)},
          {"notes", outcome.notes},
          {"interrupted", outcome.interrupted},
          {"seconds", outcome.seconds}};
}

} // namespace tsir
