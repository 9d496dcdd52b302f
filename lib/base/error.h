// The one error type that tsir's library throws. Its text is one line: what is wrong, where, and what to do next.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace tsir {

// The value is the tool's exit code. `check` is also used for an output that could not be written.
enum class ErrorKind { check = 1, usage = 2, load = 3, pass = 4, crash = 5 };

class Error : public std::runtime_error {
public:
  Error(ErrorKind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

private:
  ErrorKind kind_;
};

// The message of an exception as one line, without LibTorch's stack trace, source excerpts or advice to file a bug. At
// most `limit` bytes; longer text ends in "…".
std::string one_line(const std::exception& error, size_t limit = 300);
std::string one_line(std::string_view text, size_t limit = 300);

} // namespace tsir
