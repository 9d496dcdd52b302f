#include "lib/run/failure.h"

#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/compat/messages.h"
#include "lib/compat/traceback.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

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

// LibTorch lists all kernels that the operator has, with places in its own source. Says which device is missing
// instead, or which operator does not take arguments of that kind.
std::string without_kernel_list(const std::string& message) {
  const std::string_view before = text_of(Message::no_kernel);
  const std::string_view between = text_of(Message::no_kernel_backend);
  const size_t name = message.find(before);
  const size_t middle = message.find(between);
  if (name == std::string::npos || middle == std::string::npos || middle < name) {
    return message;
  }
  const std::string op = message.substr(name + before.size(), middle - name - before.size());
  const size_t start = middle + between.size();
  const std::string backend = message.substr(start, message.find('\'', start) - start);
  constexpr std::array devices{"CUDA", "HIP", "XPU", "MPS", "Vulkan", "Metal", "XLA", "HPU", "PrivateUse1"};
  const bool device = std::ranges::find(devices, backend) != devices.end();
  return device ? fmt::format("{} needs {}, which is not available here: the device is fixed in the model", op, backend)
                : fmt::format("{} does not take {} tensors", op, backend);
}

} // namespace

std::string run_failure(const std::string& unit, const std::exception& error, bool grad) {
  const Traceback traceback = parse_traceback(error.what());
  const std::string message =
      without_kernel_list(traceback.message.empty() ? one_line(error) : one_line(without_class(traceback.message)));
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
