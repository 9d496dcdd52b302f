// LibTorch's interpreter reports a failure as a traceback over many lines:
//
//   The following operation failed in the TorchScript interpreter.
//   Traceback of TorchScript, serialized code (most recent call last):
//     File "code/__torch__.py", line 12, in forward
//       return torch.matmul(x, w)
//              ~~~~~~~~~~~~ <--- HERE
//   Traceback of TorchScript, original code (most recent call last):
//     …
//   RuntimeError: mat1 and mat2 shapes cannot be multiplied
#include "lib/run/failure.h"

#include "lib/core/error.h"

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace tsir {
namespace {

constexpr std::string_view original_code = "Traceback of TorchScript, original code";
constexpr std::string_view any_traceback = "Traceback of TorchScript";
constexpr std::string_view here = " <--- HERE";
constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

struct Traceback {
  std::vector<std::string> frames; // "model.py:12", outermost first
  std::string operation;           // "torch.matmul"
  std::string message;             // "mat1 and mat2 …"
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// `  File "a/b.py", line 12, in forward` as `b.py:12`, or "".
std::string frame_of(std::string_view line) {
  constexpr std::string_view start = "  File \"", middle = "\", line ";
  const auto split = line.find(middle);
  if (!line.starts_with(start) || split == std::string_view::npos) {
    return "";
  }
  const auto number = line.substr(split + middle.size());
  const std::filesystem::path file(line.substr(start.size(), split - start.size()));
  return fmt::format("{}:{}", file.filename().string(), number.substr(0, number.find_first_not_of("0123456789")));
}

// The part of `source` that the `~~~~ <--- HERE` line below it marks.
std::string marked(std::string_view source, std::string_view marks) {
  const auto first = marks.find('~');
  const auto end = marks.find(here);
  if (first == std::string_view::npos || end == std::string_view::npos || first >= source.size()) {
    return "";
  }
  // In graphs that were text, LibTorch marks the first word of an operator's name only: `aten` of `aten::mm`.
  size_t last = end;
  while (source.substr(std::min(last, source.size())).starts_with("::")) {
    last = std::min(source.find_first_not_of(word_characters, last + 2), source.size());
  }
  return std::string(source.substr(first, last - first));
}

Traceback parse(std::string_view text) {
  Traceback result;
  if (const auto at = text.rfind(original_code); at != std::string_view::npos) {
    text.remove_prefix(at);
  } else if (const auto other = text.rfind(any_traceback); other != std::string_view::npos) {
    text.remove_prefix(other);
  }
  std::string_view above;
  bool marks_seen = false;
  for (const std::string_view line : lines_of(text)) {
    if (const std::string frame = frame_of(line); !frame.empty()) {
      result.frames.push_back(frame);
      marks_seen = false;
    } else if (line.ends_with(here)) {
      result.operation = marked(above, line);
      marks_seen = true;
    } else if (marks_seen && !line.empty() && line.front() != ' ') {
      result.message = text.substr(static_cast<size_t>(line.data() - text.data()));
      break;
    }
    above = line;
  }
  return result;
}

// The innermost frames are those of torch.nn: the user's own are the outer ones.
std::string place(std::vector<std::string> frames) {
  constexpr size_t shown = 4;
  if (frames.size() > shown) {
    frames.erase(frames.begin() + 2, frames.end() - 2);
    frames.insert(frames.begin() + 2, "…");
  }
  return fmt::format("{}", fmt::join(frames, " > "));
}

std::string without_class(std::string message) {
  for (const std::string_view prefix : {"RuntimeError: ", "torch.jit.Error: ", "builtins."}) {
    if (message.starts_with(prefix)) {
      message.erase(0, prefix.size());
    }
  }
  return message;
}

} // namespace

std::string run_failure(const std::string& unit, const std::exception& error, bool grad) {
  const Traceback traceback = parse(error.what());
  const std::string message = traceback.message.empty() ? one_line(error) : one_line(without_class(traceback.message));
  std::string line = unit + " failed";
  if (!traceback.frames.empty()) {
    line += " at " + place(traceback.frames);
  }
  // The message of a `raise` says all that its text does.
  if (!traceback.operation.empty() && traceback.operation.size() <= 80 && !traceback.operation.starts_with("raise ")) {
    line += fmt::format(" in `{}`", traceback.operation);
  }
  line += ": " + message;
  if (!grad && message.find("does not require grad") != std::string::npos) {
    line += "; the model uses autograd while it runs: give --grad";
  }
  return line;
}

} // namespace tsir
