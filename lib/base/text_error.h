// Faults in a text that is read, with their positions.
#pragma once

#include "lib/base/error.h"

#include <vector>

namespace tsir {

struct TextFault {
  std::string path;
  size_t line = 0; // 1-based; 0 if the fault concerns the whole file
  size_t column = 0;
  std::string what;
  std::string excerpt; // the line of the text, followed by a line with a caret

  std::string place() const {
    return line == 0 ? path : path + ":" + std::to_string(line) + ":" + std::to_string(column);
  }
  std::string head() const { return place() + ": " + what; }
  // The whole message, with the excerpt.
  std::string text() const { return excerpt.empty() ? head() : head() + "\n" + excerpt; }
};

// The error's text is the first fault in one line: path:line:column: what.
class TextError : public Error {
public:
  explicit TextError(const TextFault& fault) : TextError(std::vector{fault}) {}
  explicit TextError(const std::vector<TextFault>& all) : Error(ErrorKind::load, all.at(0).head()), faults_(all) {}
  // All faults that were found, in the order of the text.
  const std::vector<TextFault>& faults() const { return faults_; }

private:
  std::vector<TextFault> faults_;
};

} // namespace tsir
