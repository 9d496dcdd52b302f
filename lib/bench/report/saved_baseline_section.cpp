// Reports a comparison with a saved baseline.
#include "lib/base/setting.h"
#include "lib/base/table.h"
#include "lib/base/units.h"
#include "lib/bench/report/report_json_parts.h"
#include "lib/bench/report/report_sections.h"

#include <cmath>

namespace tsir {
namespace {

std::string weakness() {
  return fmt::format("another time, another memory placement: these intervals do not include differences between runs; "
                     "{} with the old model times both in the same blocks",
                     spelled(Setting::against));
}

std::string same_file_text(const std::string& then, const std::string& now) {
  return then.empty() || now.empty() ? "" : then == now ? ", the same file" : ", another file";
}

} // namespace

std::string describe(const AcrossTime& pair) {
  const Ratio& ratio = pair.decision.ratio;
  return std::isfinite(ratio.high) ? describe(pair.decision)
                                   : fmt::format("{} {:.3g}x, no interval: both runs need two rounds",
                                                 to_string(pair.decision.outcome), 1 / ratio.ratio);
}

ReportSection saved_baseline_section(const BenchOutcome& result) {
  using enum Table::Align;
  const AcrossTimes& compared = *result.across_time;
  const SavedBaseline& then = compared.then;
  Table table({{"against the saved baseline"}, {"then", right}, {"now", right}, {"rounds", right}, {"verdict"}});
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const AcrossTime& pair : compared.pairs) {
    const SavedVariant& saved = then.variants[pair.saved];
    const std::string& name = result.variants[pair.variant].name;
    table.add({name, human_seconds(pair.median_then * 1e-9), human_seconds(pair.median_now * 1e-9),
               fmt::format("{}, {}", saved.median_ns.size(), pair.rounds_now), describe(pair)});
    nlohmann::ordered_json entry = {{"name", name},
                                    {"passes", saved.passes},
                                    {"median_then_ms", pair.median_then / 1e6},
                                    {"median_now_ms", pair.median_now / 1e6},
                                    {"rounds_then", saved.median_ns.size()},
                                    {"rounds_now", pair.rounds_now}};
    entry.update(verdict_json(pair.decision));
    list.push_back(std::move(entry));
  }
  std::string text = table.text() + fmt::format("{} of {}, {}{}: {}\n", then.path, then.date, then.model,
                                                same_file_text(then.sha1, result.context.sha1), weakness());
  if (!compared.different.empty()) {
    text += fmt::format("measured under other conditions: {}\n", compared.different);
  }
  if (!compared.unmatched.empty()) {
    text += fmt::format("not in {}: {}\n", then.path, fmt::join(compared.unmatched, ", "));
  }
  return {"saved_baseline",
          {{"file", then.path},
           {"date", then.date},
           {"model", then.model},
           {"model_sha1", then.sha1},
           {"model_sha1_now", result.context.sha1},
           {"warning", weakness()},
           {"different_conditions", compared.different},
           {"comparisons", list},
           {"unmatched", compared.unmatched}},
          text};
}

std::vector<ReportSection> report_sections(const BenchOutcome& result) {
  std::vector<ReportSection> sections;
  if (result.training) {
    sections.push_back(training_section(result));
  }
  if (result.across_time) {
    sections.push_back(saved_baseline_section(result));
  }
  return sections;
}

} // namespace tsir
