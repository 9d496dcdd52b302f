#include "lib/base/table.h"

#include "lib/base/columns.h"

#include <algorithm>

namespace tsir {
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
    size_t width = column_width(columns_[i].title);
    for (const auto& row : rows_) {
      width = std::max(width, column_width(cell(row, i)));
    }
    widths.push_back(width);
  }

  std::string out;
  const auto add_line = [&](const std::vector<std::string>& row) {
    std::string line = indent;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string padding(widths[i] - column_width(cell(row, i)), ' ');
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
