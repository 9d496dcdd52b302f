#include "lib/verify/report.h"

#include "lib/base/setting.h"
#include "lib/base/table.h"
#include "lib/base/units.h"

namespace tsir {
namespace {

// Failures are in capitals, so that they stand out.
std::string verdict_text(const PassVerdict& verdict) {
  switch (verdict.verdict) {
  case Verdict::identical:
    return "identical";
  case Verdict::equal:
    return "equal";
  case Verdict::unchanged:
    return "unchanged";
  case Verdict::refused:
  case Verdict::not_run:
  case Verdict::unsteady:
    return std::string(to_string(verdict.verdict));
  default: {
    std::string text(to_string(verdict.verdict));
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
  }
  }
}

std::string off(const PassVerdict& verdict, double value) {
  const bool measured = verdict.verdict == Verdict::equal || verdict.verdict == Verdict::differs;
  return measured ? fmt::format("{:.2g}", value) : verdict.verdict == Verdict::identical ? "0" : "";
}

std::string why(const PassVerdict& verdict) {
  if (!verdict.what.empty()) {
    return verdict.what + (verdict.known.empty() ? "" : " (" + verdict.known + ")");
  }
  return verdict.note;
}

} // namespace

std::string verdict_table(const std::vector<PassVerdict>& verdicts) {
  using Align = Table::Align;
  Table table(
      {{"PASS"}, {"RESULTS"}, {"MAX ABS", Align::right}, {"MAX REL", Align::right}, {"TOOK", Align::right}, {"WHY"}});
  for (const PassVerdict& verdict : verdicts) {
    table.add({verdict.use, verdict_text(verdict), off(verdict, verdict.max_absolute),
               off(verdict, verdict.max_relative), verdict.seconds > 0 ? human_seconds(verdict.seconds) : "",
               why(verdict)});
  }
  return table.text();
}

std::string verdict_summary(const std::vector<PassVerdict>& verdicts) {
  constexpr std::pair<Verdict, std::string_view> words[] = {
      {Verdict::unchanged, "changed nothing"},
      {Verdict::identical, "identical"},
      {Verdict::equal, "equal within tolerance"},
      {Verdict::not_run, "not compared"},
      {Verdict::refused, "refused"},
      {Verdict::unsteady, "unsteady"},
      {Verdict::differs, "DIFFER"},
      {Verdict::broken, "BROKEN"},
      {Verdict::failed, "FAILED"},
      {Verdict::timed_out, "TIMED OUT"},
      {Verdict::crashed, "CRASHED"},
  };
  std::string text = fmt::format("{} pass{}:", verdicts.size(), verdicts.size() == 1 ? "" : "es");
  const char* comma = " ";
  for (const auto& [verdict, word] : words) {
    const auto count = std::ranges::count(verdicts, verdict, &PassVerdict::verdict);
    if (count > 0) {
      text += fmt::format("{}{} {}", comma, count, word);
      comma = ", ";
    }
  }
  return text + "\n";
}

std::string verdict_remarks(const std::vector<PassVerdict>& verdicts) {
  constexpr size_t most = 4; // of one pass
  std::string text;
  for (const PassVerdict& verdict : verdicts) {
    for (size_t i = 0; i < std::min(most, verdict.remarks.size()); ++i) {
      text += fmt::format("{}: {}\n", verdict.use, verdict.remarks[i]);
    }
    if (verdict.remarks.size() > most) {
      text += fmt::format("{}: and {} more such remarks, in {}\n", verdict.use, verdict.remarks.size() - most,
                          spelled(Setting::json));
    }
    if (!verdict.reproducer.empty()) {
      text += fmt::format("{}: a reproducer is in {}\n", verdict.use, verdict.reproducer);
    }
  }
  return text;
}

std::string cost_line(const SweepCost& cost) {
  return fmt::format(
      "time: {}, {:.2f} times the floor of {} (opening {}, running the start {}, passes {}, running what "
      "they changed {}), {} at once\n",
      human_seconds(cost.whole), cost.whole / std::max(cost.floor(), 1e-9), human_seconds(cost.floor()),
      human_seconds(cost.opening), human_seconds(cost.start), human_seconds(cost.passes), human_seconds(cost.runs),
      cost.at_once);
}

} // namespace tsir
