// Plain text tables: columns padded to their widest cell, numbers to the right. Widths count characters, not bytes.
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
  // Each line begins with `indent` and ends with a newline. Titles are left out where all of them are empty.
  std::string text(const std::string& indent = "") const;

private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace tsir
