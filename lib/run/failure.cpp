#include "lib/run/failure.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/compat/messages.h"
#include "lib/compat/traceback.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tsir {
namespace {

// The innermost frames are those of torch.nn, the outer ones those of the user's model.
std::string place(std::vector<std::string> frames) {
  constexpr size_t shown = 4;
  if (frames.size() > shown) {
    frames.erase(frames.begin() + 2, frames.end() - 2);
    frames.insert(frames.begin() + 2, "…");
  }
  return fmt::format("{}", fmt::join(frames, " > "));
}

std::string without_class(std::string message) {
  for (const Message prefix : {Message::runtime_error, Message::jit_error, Message::builtin_class}) {
    if (message.starts_with(text_of(prefix))) {
      message.erase(0, text_of(prefix).size());
    }
  }
  return message;
}

} // namespace

std::string run_failure(const std::string& unit, const std::exception& error, bool grad) {
  const Traceback traceback = parse_traceback(error.what());
  const std::string message = traceback.message.empty() ? one_line(error) : one_line(without_class(traceback.message));
  std::string line = unit + " failed";
  if (!traceback.frames.empty()) {
    line += " at " + place(traceback.frames);
  }
  // The message of a `raise` already contains its text.
  if (!traceback.operation.empty() && traceback.operation.size() <= 80 && !traceback.operation.starts_with("raise ")) {
    line += fmt::format(" in `{}`", traceback.operation);
  }
  line += ": " + message;
  if (!grad && says(message, Message::no_gradient_needed)) {
    line += "; the model uses autograd while it runs: give " + spelled(Setting::grad);
  }
  return line;
}

} // namespace tsir
