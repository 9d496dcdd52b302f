// `tsir update-checks`: the CHECK lines of a test, written from what its RUN lines print.
#pragma once

#include "lib/checks/run_lines.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tsir {

struct UpdateSettings {
  std::vector<std::string> prefixes; // empty: those that the file remembers, and those that have no lines yet
  std::string filter;                // a regular expression; empty: what the file remembers
  Substitutions substitutions;
  std::string program;                  // tsir
  std::vector<std::string> environment; // for it
  std::string scratch;                  // a folder for temporary files
  std::chrono::nanoseconds limit{};     // for each command
  bool once = false; // do not work on until the text is stable: enough where it is only compared with what stands
};

struct TestUpdate {
  std::string before;
  std::string after;
  std::vector<std::string> written; // prefixes whose lines are update-checks's
  std::vector<std::string> by_hand; // prefixes left alone

  bool current() const { return before == after; }
};

// A test whose RUN lines have been read. Nothing runs before update().
class TestToUpdate {
public:
  // Throws Error(load) where the file cannot be read, Error(usage) where its RUN lines are not for update-checks.
  TestToUpdate(const std::string& path, UpdateSettings settings);

  const std::string& path() const { return path_; }
  // Runs the commands until the text that comes out gives itself again. Throws Error(check) where a command fails, or
  // prints something else each time.
  TestUpdate update() const;

private:
  std::string path_;
  std::string text_;
  UpdateSettings settings_;
  std::vector<RunStep> steps_;
};

} // namespace tsir
