#include "lib/bench/report/report_cells.h"

#include "lib/base/setting.h"
#include "lib/base/units.h"

#include <cmath>

namespace tsir {
namespace {

// Uses as many digits as the interval's width needs.
std::string bounds(double value, double low, double high) {
  if (high < 0.1) {
    return fmt::format("{:.2g}x [{:.2g}, {:.2g}]", value, low, high);
  }
  const int digits = high - low < 0.01 ? 4 : high - low < 0.1 ? 3 : 2;
  return fmt::format("{:.{}f}x [{:.{}f}, {:.{}f}]", value, digits, low, digits, high, digits);
}

} // namespace

std::string subject_text(const BenchContext& context) {
  return context.file == context.method ? context.file : context.file + " " + context.method;
}

std::string time_text(double nanoseconds) {
  return human_seconds(nanoseconds * 1e-9);
}

std::string percentile_text(double nanoseconds, double p, size_t samples) {
  return static_cast<double>(samples) * (1 - p) >= 5 ? time_text(nanoseconds) : "too few calls";
}

std::string contrast_text(const BenchOutcome& result, const Contrast* contrast) {
  if (contrast == nullptr) {
    return "";
  }
  if (!has_times(result.variants[contrast->variant].state)) {
    return "";
  }
  if (contrast->identical) {
    return "IDENTICAL";
  }
  return contrast->decision ? describe(*contrast->decision) : "not timed";
}

std::string verdicts_text(const DecisionRule& rule) {
  return fmt::format("FASTER, SLOWER: by more than {0:g} % ({1}); SAME: by less; SMALL: a difference of about that "
                     "size; INCONCLUSIVE: not decided yet",
                     100 * rule.band, spelled(Setting::band));
}

std::string outputs_text(const VariantOutcome& variant) {
  switch (variant.state) {
  case VariantState::good:
  case VariantState::wrong:
    break;
  case VariantState::identical:
    return "same graph as " + variant.detail;
  case VariantState::pass_failed:
  case VariantState::run_failed:
    return "FAILED";
  case VariantState::refused:
    return "REFUSED";
  case VariantState::not_run:
    return "not run";
  }
  if (!variant.compared) {
    return "";
  }
  const std::string size =
      variant.difference.max_absolute > 0 ? fmt::format("off by {:.1e}", variant.difference.max_absolute) : "equal";
  return variant.state == VariantState::wrong ? "WRONG" : size;
}

std::string describe(const Decision& decision) {
  const Ratio& ratio = decision.ratio;
  if (ratio.level <= 0) {
    return fmt::format("{:.3g}x, one block: no interval", 1 / ratio.ratio);
  }
  const std::string verdict(to_string(decision.outcome));
  if (decision.outcome == Outcome::slower) {
    return verdict + " " + bounds(ratio.ratio, ratio.low, ratio.high);
  }
  if (decision.outcome == Outcome::small) {
    const bool slower = ratio.low > 1;
    return verdict + " " +
           (slower ? bounds(ratio.ratio, ratio.low, ratio.high) + " slower"
                   : bounds(1 / ratio.ratio, 1 / ratio.high, 1 / ratio.low) + " faster");
  }
  return verdict + " " + bounds(1 / ratio.ratio, 1 / ratio.high, 1 / ratio.low);
}

} // namespace tsir
