#include "lib/bench/report/operator_report_text.h"

#include "lib/base/table.h"
#include "lib/base/units.h"

#include <cmath>

namespace tsir {
namespace {

constexpr auto right = Table::Align::right;

std::string span_text(double ns) {
  return ns == 0 ? "" : human_seconds(ns * 1e-9);
}

std::string signed_text(double ns) {
  return (ns < 0 ? "-" : "+") + human_seconds(std::abs(ns) * 1e-9);
}

std::string interval_text(double low, double high, std::string (*text)(double)) {
  return std::isfinite(low) && std::isfinite(high) ? fmt::format("[{}, {}]", text(low), text(high)) : "";
}

std::string calls_text(double reference, double variant) {
  if (reference == 0 && variant == 0) {
    return "";
  }
  return std::abs(reference - variant) < 0.005 ? fmt::format("{:.4g}", variant)
                                               : fmt::format("{:.4g} -> {:.4g}", reference, variant);
}

// "aten::relu, aten::add and 3 more".
std::string list_text(const std::vector<std::string>& names) {
  const size_t most = names.front().find('[') != std::string::npos ? 1 : 6; // a group's name is already long
  const auto shown = std::span(names).first(std::min(names.size(), most));
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

std::string others_name(size_t count) {
  return fmt::format("({} other{})", count, count == 1 ? "" : "s");
}

std::string profile_table(const OperatorOutcome& report, const VariantOperators& entry, const std::string& name) {
  const Profile& profile = entry.profile;
  const auto share = [&](double ns) {
    return profile.measured_ns > 0 ? fmt::format("{:.1f} %", 100 * ns / profile.measured_ns) : "";
  };
  Table table({{"operators of " + name}, {"time", right}, {"share", right}, {"interval", right}, {"calls", right}});
  double others = 0;
  for (size_t i = 0; i < profile.operators.size(); ++i) {
    const OperatorShare& row = profile.operators[i];
    if (i < report.rows) {
      table.add({row.name, span_text(row.ns), share(row.ns), interval_text(row.low, row.high, span_text),
                 calls_text(row.calls, row.calls)});
    } else {
      others += row.ns;
    }
  }
  if (profile.operators.size() > report.rows) {
    table.add({others_name(profile.operators.size() - report.rows), span_text(others), share(others)});
  }
  table.add({"(unattributed)", human_seconds(profile.unattributed_ns * 1e-9), share(profile.unattributed_ns)});
  table.add({"a call", span_text(profile.measured_ns), "100.0 %"});
  return table.text();
}

std::string replacements_text(const Attribution& attribution) {
  std::string text;
  for (const Replacement& replacement : attribution.replacements) {
    text += fmt::format("  {} ({}) in place of {} ({})\n", list_text(replacement.groups),
                        signed_text(replacement.groups_ns), list_text(replacement.operators),
                        signed_text(replacement.operators_ns));
  }
  return text;
}

std::string contrast_table(const BenchOutcome& result, const ContrastOperators& entry) {
  const OperatorOutcome& report = *result.operators;
  const Attribution& attribution = entry.attribution;
  const std::string& variant = result.variants[entry.variant].name;
  const std::string& reference = result.variants[entry.reference].name;
  Table table({{fmt::format("{} against {}", variant, reference)},
               {"before", right},
               {"after", right},
               {"difference", right},
               {"interval", right},
               {"calls", right}});
  OperatorDelta others;
  for (size_t i = 0; i < attribution.operators.size(); ++i) {
    const OperatorDelta& row = attribution.operators[i];
    if (i < report.rows) {
      table.add({row.name, span_text(row.reference_ns), span_text(row.variant_ns), signed_text(row.delta_ns),
                 interval_text(row.low, row.high, signed_text), calls_text(row.reference_calls, row.variant_calls)});
    } else {
      others.reference_ns += row.reference_ns;
      others.variant_ns += row.variant_ns;
      others.delta_ns += row.delta_ns;
    }
  }
  if (attribution.operators.size() > report.rows) {
    table.add({others_name(attribution.operators.size() - report.rows), span_text(others.reference_ns),
               span_text(others.variant_ns), signed_text(others.delta_ns)});
  }
  table.add({"(unattributed)", "", "", signed_text(attribution.unattributed_ns)});
  table.add({"a call", span_text(result.summary(entry.reference)->median),
             span_text(result.summary(entry.variant)->median), signed_text(attribution.measured_ns)});
  return table.text() + replacements_text(attribution);
}

std::string profiled_calls_text(const OperatorOutcome& report) {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const VariantOperators& entry : report.variants) {
    least = std::min(least, entry.profile.profiled_call);
    most = std::max(most, entry.profile.profiled_call);
  }
  return least == most ? fmt::format("{:.2f}", most) : fmt::format("{:.2f} to {:.2f}", least, most);
}

std::string scaled_text(const OperatorOutcome& report) {
  const bool scaled = std::ranges::any_of(
      report.variants, [](const VariantOperators& entry) { return entry.profile.profiled_call > 1; });
  return scaled ? "; times that exceed the call are scaled down to it" : "";
}

// Matches `estimate` in attribution.cpp: with fewer than six blocks of a single round, signed ranks do not reach 95 %.
std::string interval_text(const OperatorOutcome& report) {
  if (report.rounds > 1 || report.blocks > 5) {
    return "Each interval on its own has 95 % coverage";
  }
  return report.blocks > 1 ? fmt::format("Each interval, of one round, has {:.0f} % coverage on its own",
                                         100 * (1 - std::pow(2.0, 1 - static_cast<double>(report.blocks))))
                           : "One block gives no intervals";
}

std::string operator_notes(const OperatorOutcome& report) {
  std::string text = fmt::format("operators: {} of {} in all after the timed ones, {}; with the profile, operators "
                                 "take {} times as long as calls without it{}. {}\n",
                                 plural(report.rounds, "profiled round"), plural(report.blocks, "block"),
                                 human_seconds(report.seconds), profiled_calls_text(report), scaled_text(report),
                                 interval_text(report));
  const bool unknown = std::ranges::any_of(report.variants, [](const VariantOperators& entry) {
    return std::ranges::any_of(entry.profile.operators,
                               [](const OperatorShare& row) { return row.name == other_code; });
  });
  if (unknown) {
    text += fmt::format(
        "{}: code that is known only at run time; forked tasks run in parallel, so the sum may exceed a call\n",
        other_code);
  }
  if (report.launches_only) {
    text += "operators: the times are those of launching work on the device, not of the work\n";
  }
  for (const std::string& failure : report.failures) {
    text += "operators: not profiled: " + failure + "\n";
  }
  return text;
}

} // namespace

std::string operators_text(const BenchOutcome& result) {
  if (!result.operators || result.operators->variants.empty()) {
    return "";
  }
  const OperatorOutcome& report = *result.operators;
  std::string text;
  for (const ContrastOperators& entry : report.contrasts) {
    text += "\n" + contrast_table(result, entry);
  }
  if (report.contrasts.empty()) {
    const VariantOperators& only = report.variants.front();
    text += "\n" + profile_table(report, only, result.variants[only.variant].name);
  }
  return text + "\n" + operator_notes(report);
}

} // namespace tsir
