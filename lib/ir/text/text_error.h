// What is wrong with a text, and where.
#pragma once

#include "lib/core/error.h"

#include <vector>

namespace tsir {

// Its text is that of the first fault, in one line: path:line:column: what.
class TextError : public Error {
public:
  // One fault. `excerpt`: the line of the text, and under it a line with a caret.
  TextError(const std::string& line, const std::string& excerpt)
      : Error(ErrorKind::load, line), faults_{line + "\n" + excerpt} {}
  explicit TextError(const std::vector<TextError>& all) : Error(all.at(0)) {
    for (const TextError& one : all) {
      faults_.insert(faults_.end(), one.faults_.begin(), one.faults_.end());
    }
  }
  // For people: all that were found, each with its excerpt.
  const std::vector<std::string>& faults() const { return faults_; }

private:
  std::vector<std::string> faults_;
};

} // namespace tsir
