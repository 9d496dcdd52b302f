#include "lib/bench/report/report.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/bench/report/report_cells.h"

#include <cmath>

namespace tsir {
namespace {

using Notes = std::vector<std::string>;

std::string state_word(VariantState state) {
  switch (state) {
  case VariantState::wrong:
    return "WRONG: ";
  case VariantState::refused:
    return "REFUSED: ";
  default:
    return "FAILED: ";
  }
}

void add_states(const BenchOutcome& result, Notes& notes) {
  for (const VariantOutcome& variant : result.variants) {
    if (variant.state != VariantState::good && variant.state != VariantState::identical &&
        variant.state != VariantState::not_run) {
      notes.push_back(state_word(variant.state) + variant.name + ": " + variant.detail);
    }
  }
}

// Adds the notes of passes: for each variant only its last pass, because the passes before it have their own variants.
// If each pass is benched alone, only those that changed something.
void add_pass_notes(const BenchOutcome& result, Notes& notes) {
  for (size_t i = 1; i < result.variants.size(); ++i) {
    const VariantOutcome& variant = result.variants[i];
    const bool quiet = result.context.settings.each && variant.state == VariantState::identical;
    if (!quiet && !variant.pass_runs.empty() && !variant.pass_runs.back().note.empty()) {
      notes.push_back(variant.pass_runs.back().text + ": " + variant.pass_runs.back().note);
    }
  }
}

std::string more_rounds_text(const ProtocolSettings& protocol) {
  return protocol.rounds == 1 ? "" : fmt::format("; more {} allows more rounds", spelled(Setting::max_time));
}

// Explains the intervals and the verdicts before them.
void add_interval(const BenchOutcome& result, Notes& notes) {
  const auto found = std::ranges::find_if(result.contrasts, [](const Contrast& contrast) {
    return contrast.decision && contrast.decision->ratio.level > 0;
  });
  if (found == result.contrasts.end()) {
    return; // nothing was compared, or only on a single block, which has no interval
  }
  const DecisionRule& rule = result.context.settings.rule;
  const Ratio& ratio = found->decision->ratio;
  const size_t looks = result.groups.front().measurement.plan.looks.size();
  notes.push_back(fmt::format("[low, high]: simultaneous intervals over {} and {} at {:.0f} %: {}",
                              plural(result.family, "comparison"), plural(looks, "look"),
                              ratio.level < ratio.asked ? 100 * ratio.level : 100 * (1 - rule.alpha),
                              ratio.method == IntervalMethod::rounds_t
                                  ? fmt::format("Student's t over {} rounds, each of fresh instances", ratio.rounds)
                                  : fmt::format("signed ranks over {} blocks of one round, without the effect of "
                                                "memory placement, which alone can be 1 to 2 %{}",
                                                ratio.blocks, more_rounds_text(result.context.settings.protocol))));
  notes.push_back(verdicts_text(rule));
}

// Adds the time needed to settle the open verdicts.
void add_open(const BenchOutcome& result, Notes& notes) {
  double most = 0;
  size_t rounds = 0;
  std::string never;
  for (const Contrast& contrast : result.contrasts) {
    if (!contrast.decision || settled(contrast.decision->outcome)) {
      continue;
    }
    most = std::max(most, contrast.more_seconds);
    rounds = std::max(rounds, contrast.decision->rounds_needed.value_or(0));
    if (contrast.more_seconds <= 0 && contrast.decision->ratio.rounds > 1) {
      never += fmt::format("{}{} against {}", never.empty() ? "" : ", ", result.variants[contrast.variant].name,
                           result.variants[contrast.reference].name);
    }
  }
  if (most > 0) {
    const std::string more_rounds = rounds > most_rounds ? fmt::format(" {} {}", spelled(Setting::rounds), rounds) : "";
    notes.push_back(fmt::format("about {} more would settle the open verdicts: {} {:.0f}{}", human_seconds(most),
                                spelled(Setting::max_time), std::ceil(result.seconds + 1.2 * most), more_rounds));
  }
  if (!never.empty()) {
    notes.push_back("too close to the edge of the band to be settled with more time: " + never);
  }
}

// "noise between rounds 1.1 %, explained by noise within rounds"
std::string noise_text(const Decision& decision) {
  if (decision.ratio.rounds < 2) {
    return "";
  }
  const RoundNoise& noise = decision.noise;
  const std::string total = fmt::format("; noise between rounds {:.2g} %", 100 * noise.rounds);
  if (!noise.within) {
    return total;
  }
  return total + (noise.more_than_within
                      ? fmt::format(", of which noise within rounds explains {:.2g} %", 100 * *noise.within)
                      : ", explained by noise within rounds");
}

// A user who starts one process gets one placement in memory, as one round does. Adds how much that matters, if it
// does.
void add_processes(const BenchOutcome& result, Notes& notes) {
  for (const Contrast& contrast : result.contrasts) {
    const bool twin = result.timed_as(contrast.variant) != contrast.variant;
    if (twin || !contrast.decision || !contrast.decision->processes) {
      continue;
    }
    const Interval& ratios = *contrast.decision->processes;
    const bool slower = ratios.estimate > 1;
    notes.push_back(fmt::format(
        "{} against {} differs from round to round by more than noise within rounds: 19 of 20 processes would see a {} "
        "of {:.3g}x to {:.3g}x",
        result.variants[contrast.variant].name, result.variants[contrast.reference].name,
        slower ? "slowdown" : "speedup", slower ? ratios.low : 1 / ratios.high, slower ? ratios.high : 1 / ratios.low));
  }
}

void add_control(const BenchOutcome& result, Notes& notes) {
  for (const Group& group : result.groups) {
    if (!group.control) {
      continue;
    }
    notes.push_back(fmt::format("control, the baseline against itself: {}{}", describe(*group.control),
                                noise_text(*group.control)));
  }
  if (result.machine_unfit()) {
    notes.push_back(fmt::format("MACHINE NOT FIT: the baseline differs from itself, so no verdict here can be trusted; "
                                "is other work running? {} 1 is steadier",
                                spelled(Setting::threads)));
  }
}

// Adds contrasts in which wall time and processor time disagree, because work moved to other threads or other work
// interfered.
void add_witness(const BenchOutcome& result, Notes& notes) {
  for (const Contrast& contrast : result.contrasts) {
    const auto outcome = contrast.outcome();
    const auto of = result.summary(contrast.variant);
    const auto reference = result.summary(contrast.reference);
    if (!changed(outcome) || !of || !reference || reference->cpu <= 0) {
      continue;
    }
    const double cpu = of->cpu / reference->cpu;
    const bool against = outcome == Outcome::faster ? cpu > 1 + result.context.settings.rule.band
                                                    : cpu < 1 - result.context.settings.rule.band;
    if (against && result.context.device == "cpu") {
      notes.push_back(fmt::format(
          "{} is {} than {}, but takes {:.2f} times its processor time", result.variants[contrast.variant].name,
          outcome == Outcome::faster ? "faster" : "slower", result.variants[contrast.reference].name, cpu));
    }
  }
}

void add_twins(const BenchOutcome& result, Notes& notes) {
  std::string names;
  for (const VariantOutcome& variant : result.variants) {
    if (variant.state == VariantState::identical) {
      names += (names.empty() ? "" : ", ") + variant.name;
      names += variant.identical_to == 0 ? "" : " (as " + variant.detail + ")";
    }
  }
  if (!names.empty() && !result.context.settings.force) {
    notes.push_back(fmt::format("IDENTICAL: executes the same graph as the baseline or an earlier variant, so it was "
                                "not timed ({} times it): {}",
                                spelled(Setting::force), names));
  }
}

size_t unsettled_rounds(const Measurement& measurement, size_t arm) {
  size_t count = 0;
  for (const Round& round : measurement.rounds) {
    const bool warmed = arm < round.warmups.size() && !round.warmups[arm].call_ns.empty();
    count += warmed && !round.warmups[arm].settled ? 1 : 0;
  }
  return count;
}

size_t replanned_rounds(const Measurement& measurement, size_t arm) {
  size_t count = 0;
  for (const Round& round : measurement.rounds) {
    count += static_cast<size_t>(std::count(round.replanned.begin(), round.replanned.end(), arm));
  }
  return count;
}

// "a (in 2 of 5 rounds), b (in 1 of 5 rounds)"
template <class Count> std::string affected(const BenchOutcome& result, const Count& count) {
  std::string names;
  for (const Group& group : result.groups) {
    for (size_t arm = 0; arm < group.variants.size(); ++arm) {
      const size_t rounds = count(group.measurement, arm);
      if (rounds > 0) {
        names += fmt::format("{}{} (in {} of {} rounds)", names.empty() ? "" : ", ",
                             result.variants[group.variants[arm]].name, rounds, group.measurement.rounds.size());
      }
    }
  }
  return names;
}

void add_measurements(const BenchOutcome& result, Notes& notes) {
  size_t batch = 1;
  for (const Group& group : result.groups) {
    const Measurement& measurement = group.measurement;
    batch = std::max(batch, measurement.plan.slot.calls_per_sample);
    const bool chosen = result.context.settings.protocol.rounds == 0; // then the number depends on the time
    if (measurement.out_of_time && !(chosen && measurement.rounds.size() >= 5)) {
      notes.push_back(fmt::format("stopped by {} after {} of {} rounds", spelled(Setting::max_time),
                                  measurement.rounds.size(), measurement.plan.rounds));
    }
  }
  if (batch > 1) {
    notes.push_back(fmt::format(
        "calls are so short that they were timed in batches of {}: p90 is that of the batches' means", batch));
  }
  if (result.groups.size() > 1) {
    notes.push_back(
        "measured in groups, one after another: ratios are within a group, medians of different groups were "
        "taken at different times");
  }
  if (const std::string names = affected(result, unsettled_rounds); !names.empty()) {
    notes.push_back("times had not settled after warm-up: " + names);
  }
  if (const std::string names = affected(result, replanned_rounds); !names.empty()) {
    notes.push_back("rounds not counted, because LibTorch changed the plan while it was timed: " + names);
  }
}

void add_machine(const Environment& environment, Notes& notes) {
  const double load = environment.load_average.empty() ? 0 : environment.load_average[0];
  if (environment.num_cpus > 0 && load > 0.5 * environment.num_cpus) {
    notes.push_back(fmt::format("the machine was busy: load {:.1f} on {} processors when the bench began", load,
                                environment.num_cpus));
  }
}

// If a device timed itself, adds the host's times of the same slots.
void add_host_times(const BenchOutcome& result, Notes& notes) {
  std::string host;
  std::string bound;
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const auto summary = result.summary(i);
    if (!summary || summary->enqueue <= 0 || result.variants[i].state != VariantState::good) {
      continue;
    }
    const std::string& name = result.variants[i].name;
    host += fmt::format("{}{} {}, of which {} to enqueue the work", host.empty() ? "" : "; ", name,
                        human_seconds(summary->host * 1e-9), human_seconds(summary->enqueue * 1e-9));
    // If the host is hardly ahead of the device, the times are those of the host. The limit is that of trtexec.
    if (summary->enqueue > 0.8 * summary->median) {
      bound += (bound.empty() ? "" : ", ") + name;
    }
  }
  if (!host.empty()) {
    notes.push_back("times were measured by the device's events, with calls enqueued one after another; time of a call "
                    "on the host: " +
                    host);
  }
  if (!bound.empty()) {
    notes.push_back("HOST-BOUND: the device mostly waits for the host, so its times are those of enqueuing work: " +
                    bound);
  }
}

} // namespace

std::vector<std::string> report_notes(const BenchOutcome& result, NoteScope scope) {
  Notes notes;
  if (result.interrupted) {
    notes.push_back("interrupted: these are the results so far");
  }
  add_states(result, notes);
  add_twins(result, notes);
  add_pass_notes(result, notes);
  if (scope == NoteScope::whole) {
    add_interval(result, notes);
    add_open(result, notes);
    add_processes(result, notes);
    add_control(result, notes);
  }
  add_witness(result, notes);
  add_host_times(result, notes);
  add_measurements(result, notes);
  notes.insert(notes.end(), result.notes.begin(), result.notes.end());
  add_machine(result.context.environment, notes);
  return notes;
}

} // namespace tsir
