#include "lib/base/error.h"

#include "lib/compat/messages.h"

#include <algorithm>
#include <array>

namespace tsir {
namespace {

// Whether LibTorch adds the line around the one that matters.
bool is_noise(std::string_view line) {
  constexpr std::array starts = {Message::interpreter_failed,
                                 Message::traceback,
                                 Message::raised_from,
                                 Message::stack_frame,
                                 Message::captured_stack,
                                 Message::marks,
                                 Message::traceback_frame_serialized,
                                 Message::traceback_frame,
                                 Message::traceback_python};
  return std::any_of(starts.begin(), starts.end(), [&](Message start) { return line.starts_with(text_of(start)); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n:");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n:") - first + 1);
}

// The interpreter ends its multi-line report with "RuntimeError: message". The actual message is in that last part.
std::string_view last_raised(std::string_view text) {
  for (const Message start : {Message::runtime_error, Message::jit_error}) {
    const std::string line_start = "\n" + std::string(text_of(start));
    if (const auto at = text.rfind(line_start); at != std::string_view::npos) {
      return text.substr(at + line_start.size());
    }
  }
  return text;
}

// `cond INTERNAL ASSERT FAILED at "/build/machine/path.cpp":12, please report a bug to PyTorch. message`: the path
// belongs to the machine that built LibTorch, and the advice is meant for LibTorch's authors.
std::string_view without_assert(std::string_view text) {
  const std::string_view advice = text_of(Message::report_a_bug);
  const auto at = text.find(text_of(Message::internal_assert));
  const auto end = text.find(advice);
  if (at == std::string_view::npos || end == std::string_view::npos) {
    return text;
  }
  const auto message = text.substr(end + advice.size());
  return message.find_first_not_of(" \t\n") == std::string_view::npos ? text.substr(0, at) : message;
}

} // namespace

std::string one_line(std::string_view text, size_t limit) {
  text = last_raised(text);
  const std::string_view full = text;
  text = without_assert(text);
  std::string line;
  size_t at = 0;
  while (at <= text.size() && line.empty()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto raw = text.substr(at, end - at);
    if (!is_noise(raw)) {
      line = trimmed(raw);
    }
    at = end + 1;
  }
  // An explanation split over two lines, such as "Unknown builtin op: x.\nHere are…", is complete after the first.
  if (line.size() > limit) {
    size_t cut = limit - 3;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) {
      --cut; // do not cut inside a UTF-8 character
    }
    line.resize(cut);
    line += "…";
  }
  if (text.size() < full.size() && full.starts_with(text)) {
    line = "LibTorch's own check failed: " + line; // a bare condition alone does not explain anything
  }
  return line.empty() ? "unknown error" : line;
}

// LibTorch's c10::Error adds a stack trace after the message. Those lines are noise here.
std::string one_line(const std::exception& error, size_t limit) {
  return one_line(std::string_view(error.what()), limit);
}

} // namespace tsir
