#include "lib/bench/report/conclusion.h"

#include "lib/bench/report/report.h"

namespace tsir {
namespace {

using Lines = std::vector<std::string>;

// The line of a comparison that fails the bench, or "". `reference`: "than in base.json".
std::string failing_line(const std::string& name, const std::string& slower_than, const std::string& against,
                         Outcome outcome, const std::string& numbers, const FailureRule& rule) {
  if (rule.slower && outcome == Outcome::slower) {
    return fmt::format("{} is slower than {}: {}", name, slower_than, numbers);
  }
  return rule.slower && rule.inconclusive && outcome == Outcome::inconclusive
             ? fmt::format("{} against {} is not decided: {}", name, against, numbers)
             : "";
}

// Adds the comparisons with the baseline of this run.
void add_contrasts(const BenchOutcome& result, const FailureRule& rule, Lines& lines) {
  for (const Contrast& contrast : result.contrasts) {
    if (contrast.reference == 0 && contrast.decision) {
      const std::string& baseline = result.variants[0].name;
      lines.push_back(failing_line(result.variants[contrast.variant].name, baseline, baseline, contrast.outcome(),
                                   describe(*contrast.decision), rule));
    }
  }
}

// Adds the comparisons with an earlier run.
void add_across_time(const BenchOutcome& result, const FailureRule& rule, Lines& lines) {
  if (!result.across_time) {
    return;
  }
  const std::string& path = result.across_time->then.path;
  for (const AcrossTime& pair : result.across_time->pairs) {
    lines.push_back(failing_line(result.variants[pair.variant].name, "in " + path, path, pair.decision.outcome,
                                 describe(pair), rule));
  }
}

Lines failing_verdicts(const BenchOutcome& result, const FailureRule& rule) {
  Lines lines;
  if (rule.slower && result.machine_unfit()) {
    lines.emplace_back("the machine is not fit: the baseline differs from itself");
  }
  add_contrasts(result, rule, lines);
  add_across_time(result, rule, lines);
  std::erase(lines, "");
  return lines;
}

Lines failed_variants(const BenchOutcome& result) {
  Lines lines;
  for (const VariantOutcome& variant : result.variants) {
    if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed ||
        variant.state == VariantState::wrong || variant.state == VariantState::refused) {
      lines.push_back(variant.name + ": " + variant.detail);
    }
  }
  return lines;
}

std::optional<ErrorKind> failure_of(const BenchOutcome& result, const VariantOutcome& variant) {
  const bool untrainable = result.training && variant.state == VariantState::refused;
  if (variant.state == VariantState::pass_failed || variant.state == VariantState::run_failed || untrainable) {
    const bool expected = result.context.every_pass && !variant.is_rival();
    return expected ? std::nullopt : std::optional(ErrorKind::pass);
  }
  return variant.state == VariantState::wrong ? std::optional(ErrorKind::check) : std::nullopt;
}

// The worse of two results: a failed pass is worse than a failed check, which is worse than no failure.
std::optional<ErrorKind> worse(std::optional<ErrorKind> one, std::optional<ErrorKind> other) {
  return std::max(one, other);
}

} // namespace

Conclusion conclude(const BenchOutcome& result, const FailureRule& rule) {
  Conclusion conclusion;
  conclusion.interrupted = result.interrupted;
  conclusion.why = failed_variants(result);
  const Lines verdicts = failing_verdicts(result, rule);
  conclusion.why.insert(conclusion.why.end(), verdicts.begin(), verdicts.end());
  if (result.interrupted) {
    return conclusion;
  }
  conclusion.failure = verdicts.empty() ? std::nullopt : std::optional(ErrorKind::check);
  for (const VariantOutcome& variant : result.variants) {
    conclusion.failure = worse(conclusion.failure, failure_of(result, variant));
  }
  return conclusion;
}

Conclusion conclude(const SweepOutcome& sweep, const FailureRule& rule) {
  Conclusion all;
  for (const PointOutcome& point : sweep.points) {
    Conclusion conclusion = point.result ? conclude(*point.result, rule) : Conclusion();
    if (!point.failure.empty()) {
      conclusion.failure = ErrorKind::check;
      conclusion.why.push_back(point.failure);
    }
    all.failure = worse(all.failure, conclusion.failure);
    all.interrupted = all.interrupted || conclusion.interrupted;
    const std::string label = point.point.label();
    for (const std::string& line : conclusion.why) {
      all.why.push_back(label.empty() ? line : label + ": " + line);
    }
  }
  return all;
}

} // namespace tsir
