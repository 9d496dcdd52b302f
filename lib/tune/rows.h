// What is shown of candidates, in text and on pages.
#pragma once

#include "lib/tune/job.h"

namespace tsir {

// "0.520 [0.511, 0.530]"; without the interval if it is of less than 95 %.
std::string ratio_text(const TimeRatio& ratio);
std::string ratio_text(const Ratio& ratio);
// "0.520 [0.511, 0.530]", "0.704, stopped", "FAILED"
std::string result_text(const CandidateOutcome& outcome);
std::string drift_text(const CandidateOutcome& outcome); // "equal", "8.9e-08"; "" if outputs were not compared
std::string remark(const CandidateOutcome& outcome);     // why it failed or cannot be saved; ""
// "equal on 100 further input sets"; "" if outputs were not compared.
std::string outputs_text(const CandidateOutcome& outcome, size_t further_inputs);
// "122 MiB instead of 120 MiB": the most memory that its process held when it was tried, and that of the module as
// loaded.
std::string memory_text(const TuneOutcome& all, const CandidateOutcome& outcome);
// All but the module as it came: the fastest first, then those without a time, in the order in which they were tried.
std::vector<const CandidateOutcome*> ordered(const TuneOutcome& outcome);
bool is_faster(const std::optional<Confirmation>& confirmation);

} // namespace tsir
