#include "lib/base/table.h"

#include <algorithm>
#include <string_view>

namespace tsir {
namespace {

// Characters that take room on a terminal: ANSI colour sequences and UTF-8 continuation bytes take none.
size_t width_of(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b' && at + 1 < text.size() && text[at + 1] == '[') {
      at = std::min(text.find_first_of("mK", at), text.size() - 1);
      continue;
    }
    width += (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
  }
  return width;
}

} // namespace

std::string Table::text(const std::string& indent) const {
  std::vector<std::string> titles;
  bool titled = false;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    titled = titled || !column.title.empty();
  }
  static const std::string missing;
  const auto cell = [](const std::vector<std::string>& row, size_t i) -> const std::string& {
    return i < row.size() ? row[i] : missing;
  };

  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = width_of(columns_[i].title);
    for (const auto& row : rows_) {
      width = std::max(width, width_of(cell(row, i)));
    }
    widths.push_back(width);
  }

  std::string out;
  const auto add_line = [&](const std::vector<std::string>& row) {
    std::string line = indent;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string padding(widths[i] - width_of(cell(row, i)), ' ');
      line += i > 0 ? "  " : "";
      line += columns_[i].align == Align::right ? padding + cell(row, i) : cell(row, i) + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  if (titled) {
    add_line(titles);
  }
  for (const auto& row : rows_) {
    add_line(row);
  }
  return out;
}

} // namespace tsir
