#include "lib/tune/page.h"

#include "lib/base/units.h"
#include "lib/host/settings_code.h"
#include "lib/report/page/elements.h"
#include "lib/report/page/frame.h"
#include "lib/report/page/interval_plot.h"
#include "lib/tune/rows.h"

namespace tsir {
namespace {

std::string confirmation_html(Goal goal, const TuneOutcome& all, const Confirmation& confirmation) {
  const CandidateOutcome& outcome = *all.find(confirmation.candidate);
  const Decision& decision = confirmation.decision;
  const std::string verdict = std::string(to_string(decision.outcome));
  const std::string& passes = confirmation.candidate.passes;
  NamedTexts facts = {
      {"passes", passes.empty() ? "none" : passes},
      {"settings of the program", to_text(confirmation.candidate.settings)},
      {std::string(to_string(goal)), fmt::format("{} instead of {}", figure_text(goal, confirmation.median_ns),
                                                 figure_text(goal, confirmation.as_loaded_ns))},
      {"measured again",
       fmt::format("in {} of fresh processes, with fresh inputs", plural(decision.ratio.rounds, "round"))}};
  if (const std::string outputs = outputs_text(outcome, confirmation.further_inputs); !outputs.empty()) {
    facts.emplace_back("outputs", outputs);
  }
  facts.emplace_back("memory", "at most " + memory_text(all, outcome));
  return "<p>" + verdict_html(verdict, fmt::format("{} {} of that as loaded", verdict, ratio_text(decision.ratio))) +
         "</p>\n" + facts_html(facts);
}

std::string answer_html(const TuneJob& job, const TuneOutcome& outcome) {
  if (outcome.interrupted) {
    return "<h2>Interrupted</h2>\n<p>What was found so far is not confirmed.</p>\n";
  }
  const auto part = [&](const std::string& title, const Confirmation& confirmation) {
    return element("h2", fmt::format("{}: {}", title, confirmation.candidate.name())) + "\n" +
           confirmation_html(job.goal, outcome, confirmation);
  };
  const bool best = is_faster(outcome.best);
  const bool savable = is_faster(outcome.best_savable);
  const bool same = best && savable && outcome.best->candidate == outcome.best_savable->candidate;
  std::string html = best ? part("Best", *outcome.best) : "";
  html += savable && !same ? part("What a .pt can hold", *outcome.best_savable) : "";
  if (best && !savable) {
    html += "<p>Nothing that a .pt can hold was faster.</p>\n";
  }
  return best || savable ? html : "<h2>Leave it as it is</h2>\n<p>Nothing was found that is faster.</p>\n";
}

// The verdict of a race against the module as it came: the colour of its line.
std::string race_verdict(const TimeRatio& ratio) {
  return ratio.high < 1 ? "FASTER" : ratio.low > 1 ? "SLOWER" : "INCONCLUSIVE";
}

std::string plot_html(const TuneOutcome& outcome) {
  std::vector<IntervalLine> lines;
  for (const CandidateOutcome* row : ordered(outcome)) {
    if (row->good() && row->ratio && row->ratio->level >= 0.95) {
      const TimeRatio& ratio = *row->ratio;
      lines.push_back({row->candidate.name(), race_verdict(ratio), ratio.ratio, ratio.low, ratio.high});
    }
  }
  return interval_plot_html(lines, "as loaded",
                            "Of the race: each candidate's figure divided by that of the module as it came, with its "
                            "interval of 95 %, if there were enough rounds for one. Left of the line is better.");
}

std::string row_html(Goal goal, const CandidateOutcome& row, const std::string& result) {
  const bool good = row.good();
  return fmt::format("<tr{}>", good ? "" : " class=\"idle\"") + element("td", row.candidate.name()) +
         element("td", with_whole_interval(result), " class=\"short\"") +
         element("td", row.median_ns > 0 ? figure_text(goal, row.median_ns) : "", " class=\"number\"") +
         element("td", drift_text(row), " class=\"number\"") + element("td", remark(row)) + "</tr>\n";
}

std::string candidates_html(const TuneJob& job, const TuneOutcome& outcome) {
  std::string html = "<h2>What was tried</h2>\n" + plot_html(outcome);
  html += fmt::format("<div class=\"wide\"><table>\n<thead><tr><th>candidate</th><th>{}, of that as loaded</th><th "
                      "class=\"number\">median</th><th class=\"number\">drift</th><th></th></tr></thead>\n<tbody>\n",
                      to_string(job.goal));
  html += row_html(job.goal, outcome.candidates.front(), "1");
  for (const CandidateOutcome* row : ordered(outcome)) {
    html += row_html(job.goal, *row, result_text(*row));
  }
  html += "</tbody>\n</table></div>\n<p class=\"note\">The figures are those of the race. Drift is the largest "
          "difference of any output. A candidate that could not be the best was stopped early.</p>\n";
  for (const std::string& note : outcome.notes) {
    html += element("p", "Note: " + note, " class=\"note\"") + "\n";
  }
  return html;
}

std::string home_html(const TuneOutcome& outcome, const TunePageSettings& page) {
  const auto& best = is_faster(outcome.best) ? outcome.best : outcome.best_savable;
  if (!is_faster(best)) {
    return "";
  }
  const std::string obstacle = page.not_in_cpp ? page.not_in_cpp(*best) : "";
  std::string html = "<h2>How to take it home</h2>\n";
  html += page.commands ? commands_html(page.commands(*best)) : "";
  html += obstacle.empty() ? "" : element("p", "Not in a C++ header: " + obstacle, " class=\"note\"") + "\n";
  if (best->candidate.settings != HostSettings()) {
    for (const Language language : {Language::cpp, Language::python}) {
      html += element("h3", fmt::format("The settings in {}", to_string(language))) + "\n" +
              element("pre", settings_code(best->candidate.settings, language)) + "\n";
    }
  }
  return html;
}

std::string about_html(const TuneJob& job, const TuneOutcome& outcome, const std::string& command) {
  NamedTexts facts;
  if (!job.mix.empty()) {
    facts.emplace_back("inputs in turn", to_text(job.mix));
  }
  for (const Condition& condition : outcome.conditions) {
    facts.emplace_back(condition.name, condition.value);
  }
  facts.emplace_back("SHA-1 of the file", outcome.sha1);
  facts.emplace_back("time of the search", fmt::format("{:.0f} s", outcome.seconds));
  std::string html = "<h2>What it holds for</h2>\n" + facts_html(facts);
  return command.empty() ? html : html + "<p>" + element("code", command) + "</p>\n";
}

} // namespace

std::string tune_page(const TuneJob& job, const TuneOutcome& outcome, const TunePageSettings& settings) {
  const std::string title =
      fmt::format("{} · {}", std::filesystem::path(job.workload.source.file).filename().string(), outcome.method);
  const std::string subtitle = fmt::format("the fastest way to run it here, by {}", to_string(job.goal));
  std::string html = begin_page({.title = title,
                                 .kind = "tsir tune",
                                 .subtitle = subtitle,
                                 .tool = settings.tool,
                                 .date = outcome.environment.date});
  html += "<main>\n" + answer_html(job, outcome) + candidates_html(job, outcome) + home_html(outcome, settings);
  return html + about_html(job, outcome, settings.command) + "</main>\n</body>\n</html>\n";
}

} // namespace tsir
