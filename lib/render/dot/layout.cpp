#include "lib/render/dot/layout.h"

#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/base/setting.h"
#include "lib/base/units.h"
#include "lib/process/phase.h"
#include "lib/process/worker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tsir {
namespace {

using LayoutClock = std::chrono::steady_clock;

// Graphviz is recursive: its depth grows with the length of chains.
constexpr size_t layout_stack = size_t{1} << 29;

constexpr std::chrono::seconds last_attempt(30);

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string limit_advice(bool timed_out) {
  return timed_out ? fmt::format("; {} SECONDS allows more", spelled(Setting::layout_limit)) : "";
}

// Bytes are not text, which is all that a worker sends: they go through a file.
void write_bytes(const std::string& file, const std::string& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream << bytes;
  if (!stream.flush()) {
    throw Error(ErrorKind::check, fmt::format("cannot write the drawing to {}", file));
  }
}

std::string read_bytes(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string failure_of(const WorkerDeath& death, std::chrono::nanoseconds limit) {
  return death.kind == WorkerDeath::Kind::timed_out ? fmt::format("took longer than {:.1f} s", seconds_of(limit))
                                                    : fmt::format("crashed ({})", death.what);
}

// Messages about Graphviz go on after its name.
std::string failure_of(const Error& error) {
  constexpr std::string_view subject = "Graphviz ";
  const std::string text = error.what();
  return text.starts_with(subject) ? text.substr(subject.size()) : text;
}

// Runs an attempt in a child. `failure` says why it gave nothing.
std::optional<Rendered> try_in_child(const LayoutAttempt& attempt, const WorkerSettings& worker, std::string& failure,
                                     bool& timed_out) {
  const ScratchFolder folder("tsir-layout");
  const std::string file = folder.path() + "/drawing";
  const auto result = in_worker<std::string>(worker, [&] {
    const Rendered rendered = attempt.render();
    write_bytes(file, rendered.bytes);
    return rendered.warning;
  });
  if (const auto* warning = std::get_if<std::string>(&result)) {
    return Rendered{read_bytes(file), *warning, ""};
  }
  const auto* death = std::get_if<WorkerDeath>(&result);
  timed_out = timed_out || (death != nullptr && death->kind == WorkerDeath::Kind::timed_out);
  failure = death != nullptr ? failure_of(*death, worker.limit) : failure_of(std::get<Error>(result));
  return std::nullopt;
}

} // namespace

Rendered first_that_works(const std::vector<LayoutAttempt>& attempts, const std::string& what,
                          const LayoutSettings& settings) {
  const auto begun = LayoutClock::now();
  std::vector<std::string> failures;
  bool timed_out = false;
  for (const LayoutAttempt& attempt : attempts) {
    // The last attempt is quick, unless the machine is busy. Without it there would not be a picture at all.
    const std::chrono::nanoseconds least = &attempt == &attempts.back() ? last_attempt : std::chrono::seconds(1);
    const auto left = std::max<std::chrono::nanoseconds>(settings.limit - (LayoutClock::now() - begun), least);
    WorkerSettings worker;
    worker.stack_bytes = layout_stack;
    worker.discard_output = true; // what the C library says of a crash
    worker.limit = std::chrono::duration_cast<std::chrono::nanoseconds>(left * attempt.share);
    if (settings.progress) {
      worker.while_waiting = [&] {
        settings.progress(fmt::format("laying out {}{}{}: {:.0f} s of {:.0f} s", what, *attempt.name != '\0' ? " " : "",
                                      attempt.name, seconds_of(LayoutClock::now() - begun),
                                      seconds_of(settings.limit)));
      };
    }
    std::string failure;
    if (auto rendered = try_in_child(attempt, worker, failure, timed_out)) {
      if (!failures.empty()) {
        rendered->simplified = fmt::format("drawn {}: Graphviz {}{}", attempt.name, fmt::join(failures, "; then "),
                                           limit_advice(timed_out));
      }
      return *std::move(rendered);
    }
    if (std::ranges::find(failures, failure) == failures.end()) {
      failures.push_back(failure);
    }
  }
  throw Error(ErrorKind::check, fmt::format("cannot draw {}: Graphviz {}; {} FILE.dot writes it as DOT", what,
                                            fmt::join(failures, "; then "), spelled(Setting::output)));
}

Rendered lay_out(const Drawing& drawing, const std::string& format, const DotSettings& dot,
                 const LayoutSettings& settings) {
  DotSettings unlabelled = dot;
  unlabelled.edge_labels = false;
  return first_that_works(
      {{"", 0.4, [&] { return render(drawing, format, dot); }},
       {"without labels of edges", 0.6, [&] { return render(drawing, format, unlabelled); }},
       {"in rows, without frames and labels of edges", 1, [&] { return render(drawing, format, dot, Engine::rows); }}},
      fmt::format("{} boxes", human_count(drawing.boxes.size())), settings);
}

} // namespace tsir
