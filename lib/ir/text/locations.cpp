#include "lib/ir/text/locations.h"

#include "lib/base/printable.h"

#include <charconv>

namespace tsir::ir_text {
namespace {

// Removes `:NUMBER` from the end of `text`.
std::optional<size_t> take_number(std::string_view& text) {
  // A comment may contain any number, and LibTorch allocates a line as long as the column.
  constexpr size_t most = 1'000'000;
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(colon + 1);
  size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || number > most) {
    return std::nullopt;
  }
  text = text.substr(0, colon);
  return number;
}

} // namespace

std::string location_of(const jit::Node& node) {
  jit::SourceRange range = node.sourceRange();
  if (range.source()) {
    if (const auto original = range.source()->findSourceRangeThatGenerated(range)) {
      range = *original;
    }
  }
  const auto place = range.file_line_col();
  if (!place) {
    return "";
  }
  const auto& [file, line, column] = *place;
  std::string name = printable(file);
  std::replace(name.begin(), name.end(), '\n', ' ');
  return fmt::format("{}:{}:{}", name, line, column);
}

std::optional<jit::SourceRange> read_location(std::string_view comment, std::string_view code) {
  std::string_view file = comment;
  const auto column = take_number(file);
  const auto line = column ? take_number(file) : std::nullopt;
  if (!line || file.empty()) {
    return std::nullopt;
  }
  const std::string shown = std::string(*column, ' ') + std::string(code);
  return jit::SourceRange(std::make_shared<jit::Source>(shown, std::string(file), *line, nullptr), *column,
                          shown.size());
}

} // namespace tsir::ir_text
