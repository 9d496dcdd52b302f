// Plain text tables: columns are padded to their widest cell, and numbers are right-aligned. Widths count characters,
// not bytes.
#pragma once

#include <string>
#include <vector>

namespace tsir {

class Table {
public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  // Each line begins with `indent` and ends with a newline. The header line is omitted if all titles are empty.
  std::string text(const std::string& indent = "") const;

private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace tsir
