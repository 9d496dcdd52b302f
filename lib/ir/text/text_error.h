// What is wrong with a text, and where.
#pragma once

#include "lib/core/error.h"

#include <vector>

namespace tsir {

// Its text is that of the first fault, in one line: path:line:column: what.
class TextError : public Error {
public:
  // One fault. `place`: path:line:column. `excerpt`: the line of the text, and under it a line with a caret.
  TextError(const std::string& place, const std::string& what, const std::string& excerpt)
      : Error(ErrorKind::load, place + ": " + what), message_(what), faults_{place + ": " + what + "\n" + excerpt} {}
  explicit TextError(const std::vector<TextError>& all) : Error(all.at(0)), message_(all.at(0).message_) {
    for (const TextError& one : all) {
      faults_.insert(faults_.end(), one.faults_.begin(), one.faults_.end());
    }
  }
  // Of the first fault, without its place.
  const std::string& message() const { return message_; }
  // For people: all that were found, each with its excerpt.
  const std::vector<std::string>& faults() const { return faults_; }

private:
  std::string message_;
  std::vector<std::string> faults_;
};

} // namespace tsir
