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
//
// The compiler, which reads the code in a file, puts the message first and marks the place in the same way.
#include "lib/compat/traceback.h"

#include "lib/compat/messages.h"

#include <filesystem>
#include <fmt/format.h>

namespace tsir {
namespace {

constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Converts `  File "a/b.py", line 12, in forward` to `b.py:12`; "" for other lines.
std::string frame_of(std::string_view line) {
  const std::string_view start = text_of(Message::traceback_frame);
  const std::string_view middle = text_of(Message::traceback_line);
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
  const auto first = marks.find(text_of(Message::marks));
  const auto end = marks.find(text_of(Message::traceback_here));
  if (first == std::string_view::npos || end == std::string_view::npos || first >= source.size()) {
    return "";
  }
  // In graphs that were parsed from text, LibTorch marks only the first word of an operator's name: `aten` of
  // `aten::mm`.
  size_t last = end;
  while (source.substr(std::min(last, source.size())).starts_with("::")) {
    last = std::min(source.find_first_not_of(word_characters, last + 2), source.size());
  }
  return std::string(source.substr(first, last - first));
}

} // namespace

Traceback parse_traceback(std::string_view text) {
  Traceback result;
  for (const Message start : {Message::traceback_original, Message::traceback}) {
    if (const auto at = text.rfind(text_of(start)); at != std::string_view::npos) {
      text.remove_prefix(at);
      break;
    }
  }
  std::string_view above;
  bool marks_seen = false;
  for (const std::string_view line : lines_of(text)) {
    if (const std::string frame = frame_of(line); !frame.empty()) {
      result.frames.push_back(frame);
      marks_seen = false;
    } else if (line.ends_with(text_of(Message::traceback_here))) {
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

} // namespace tsir
