#include "lib/tune/rows.h"

#include "lib/base/units.h"

namespace tsir {
namespace {

// An interval of less than 95 % says too little to be shown.
std::string ratio_text(double ratio, double low, double high, double level) {
  return level < 0.95 ? fmt::format("{:.3f}", ratio) : fmt::format("{:.3f} [{:.3f}, {:.3f}]", ratio, low, high);
}

} // namespace

std::string ratio_text(const TimeRatio& ratio) {
  return ratio_text(ratio.ratio, ratio.low, ratio.high, ratio.level);
}

std::string ratio_text(const Ratio& ratio) {
  return ratio_text(ratio.ratio, ratio.low, ratio.high, ratio.level);
}

std::string result_text(const CandidateOutcome& outcome) {
  if (!outcome.good()) {
    return std::string(to_string(outcome.state));
  }
  if (!outcome.ratio) {
    return "";
  }
  return ratio_text(*outcome.ratio) + (outcome.stopped_early ? ", stopped" : "");
}

std::string drift_text(const CandidateOutcome& outcome) {
  return !outcome.compared ? "" : outcome.drift == 0 ? "equal" : fmt::format("{:.2g}", outcome.drift);
}

std::string remark(const CandidateOutcome& outcome) {
  if (!outcome.good()) {
    return outcome.detail;
  }
  return outcome.savable() ? "" : "not savable: " + outcome.unit.unsavable;
}

std::string outputs_text(const CandidateOutcome& outcome, size_t further_inputs) {
  if (!outcome.compared) {
    return "";
  }
  return fmt::format("{} on {}", outcome.drift == 0 ? "equal" : fmt::format("off by at most {:.2g}", outcome.drift),
                     plural(further_inputs, "further input set"));
}

std::string memory_text(const TuneOutcome& all, const CandidateOutcome& outcome) {
  return fmt::format("{} instead of {}", human_bytes(outcome.unit.peak_bytes),
                     human_bytes(all.candidates.front().unit.peak_bytes));
}

// The fastest first, then those without a time, in the order in which they were tried.
std::vector<const CandidateOutcome*> ordered(const TuneOutcome& outcome) {
  std::vector<const CandidateOutcome*> rows;
  for (size_t i = 1; i < outcome.candidates.size(); ++i) {
    rows.push_back(&outcome.candidates[i]);
  }
  const auto place = [](const CandidateOutcome* row) {
    return row->good() && row->ratio ? row->ratio->ratio : row->state == CandidateState::untried ? 3e9 : 2e9;
  };
  std::ranges::stable_sort(rows, {}, place);
  return rows;
}

bool is_faster(const std::optional<Confirmation>& confirmation) {
  return confirmation && confirmation->decision.outcome == Outcome::faster;
}

} // namespace tsir
