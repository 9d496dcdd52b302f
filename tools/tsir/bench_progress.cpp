#include "tools/tsir/bench_progress.h"

#include "lib/base/units.h"

#include <csignal>
#include <cstdio>
#include <ctime>

namespace tsir::tool {
namespace {

constexpr int bar_width = 20;
volatile std::sig_atomic_t received_signal = 0;
timespec received_at{};

double seconds_since(const timespec& start) {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec - start.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec - start.tv_nsec);
}

// What goes to the whole process group comes here twice, since the supervising process passes on what it gets: within
// half a second it is one wish to stop.
void note_signal(int signal) {
  if (received_signal == 0) {
    received_signal = signal;
    ::clock_gettime(CLOCK_MONOTONIC, &received_at);
  } else if (seconds_since(received_at) > 0.5) {
    ::signal(signal, SIG_DFL);
    ::raise(signal); // delivered when this handler returns
  }
}

std::string percent(double share) {
  return share < 0.1 ? fmt::format("{:.2g}", 100 * share) : fmt::format("{:.0f}", 100 * share);
}

// Of the open verdicts: what it was at first, and what it is by now. ", ±1.2 → ±0.8 %"
std::string resolution_text(const Resolution& resolution) {
  return resolution.now == resolution.first
             ? fmt::format(", ±{} %", percent(resolution.now))
             : fmt::format(", ±{} → ±{} %", percent(resolution.first), percent(resolution.now));
}

std::string bar(double done, bool color) {
  const int filled = static_cast<int>(std::clamp(done, 0.0, 1.0) * bar_width);
  std::string text = color ? "\x1b[36m" : "";
  for (int i = 0; i < bar_width; ++i) {
    text += i < filled ? "━" : color ? " " : "·";
  }
  return text + (color ? "\x1b[0m" : "");
}

} // namespace

void ProgressBar::draw(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || (drawn_ && now - last_ < std::chrono::milliseconds(100))) {
    return;
  }
  last_ = now;
  drawn_ = true;
  const std::string eta =
      progress.eta_seconds >= 0.5 ? fmt::format(", {:.0f} s left", progress.eta_seconds) : std::string();
  const std::string resolution = progress.resolution ? resolution_text(*progress.resolution) : std::string();
  // At most one line of 80 characters: a longer one would wrap, and could not be drawn over.
  const size_t space = progress.resolution ? 24 : 40;
  const std::string doing = progress.doing.size() > space ? progress.doing.substr(0, space - 1) + "…" : progress.doing;
  std::fprintf(stderr, "\r%s %3.0f %%  %s%s%s\x1b[K", bar(progress.done, color_).c_str(), 100 * progress.done,
               doing.c_str(), resolution.c_str(), eta.c_str());
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    drawn_ = false;
  }
}

StopSignal::StopSignal() {
  received_signal = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

StopSignal::~StopSignal() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

int StopSignal::received() {
  return received_signal;
}

} // namespace tsir::tool
