// `tsir update-checks`: writes the CHECK lines of a test from the output of its RUN lines.
#pragma once

#include "lib/checks/run_lines.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tsir {

struct UpdateSettings {
  std::vector<std::string> prefixes; // empty: those that the file records, and those without lines so far
  std::string filter;                // a regular expression; empty: the one that the file records
  Substitutions substitutions;
  std::string program;                  // the path of tsir
  std::vector<std::string> environment; // of that program
  std::string scratch;                  // a folder for temporary files
  std::chrono::nanoseconds limit{};     // for each command
  bool once = false; // run only once instead of until the text is stable: enough to compare it with the current text
};

struct TestUpdate {
  std::string before;
  std::string after;
  std::vector<std::string> written; // prefixes whose lines update-checks writes
  std::vector<std::string> by_hand; // prefixes that are left alone

  bool current() const { return before == after; }
};

// A test whose RUN lines have been parsed. No command runs before update().
class TestToUpdate {
public:
  // Throws Error(load) if the file cannot be read, and Error(usage) if its RUN lines are not supported.
  TestToUpdate(const std::string& path, UpdateSettings settings);

  const std::string& path() const { return path_; }
  // Runs the commands until the text is stable. Throws Error(check) if a command fails, or if its output differs
  // between runs.
  TestUpdate update() const;

private:
  std::string path_;
  std::string text_;
  UpdateSettings settings_;
  std::vector<RunStep> steps_;
};

} // namespace tsir
