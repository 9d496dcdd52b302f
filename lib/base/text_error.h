// What is wrong with a text, and where.
#pragma once

#include "lib/base/error.h"

#include <vector>

namespace tsir {

struct TextFault {
  std::string path;
  size_t line = 0; // from 1 on
  size_t column = 0;
  std::string what;
  std::string excerpt; // the line of the text, and under it a line with a caret

  std::string place() const { return path + ":" + std::to_string(line) + ":" + std::to_string(column); }
  std::string head() const { return place() + ": " + what; }
  // For people: all of it.
  std::string text() const { return head() + "\n" + excerpt; }
};

// Its text is that of the first fault, in one line: path:line:column: what.
class TextError : public Error {
public:
  explicit TextError(const TextFault& fault) : TextError(std::vector{fault}) {}
  explicit TextError(const std::vector<TextFault>& all) : Error(ErrorKind::load, all.at(0).head()), faults_(all) {}
  // All that were found, in the order of the text.
  const std::vector<TextFault>& faults() const { return faults_; }

private:
  std::vector<TextFault> faults_;
};

} // namespace tsir
