// Parses the RUN lines of a test, to the extent that `tsir update-checks` supports them.
#pragma once

#include "lib/checks/shell_words.h"

#include <map>

namespace tsir {

struct RunStep {
  enum class Kind { split_file, command, check };
  Kind kind = Kind::command;
  size_t line = 0;  // 1-based line in the file
  std::string text; // the command as written
  // The programs before FileCheck, all of them tsir. Their arguments still contain %s and %t.
  std::vector<PipeStage> stages;
  bool fails = false; // `not tsir`: the last program must fail
  // For Kind::check: the options of FileCheck.
  std::vector<std::string> prefixes;
  std::string part; // the part of the file that has the CHECK lines (`FileCheck %t/PART`); "" for the whole file
  bool allow_empty = false;

  // The only part of the file that the programs read; "" if there is not exactly one.
  std::string only_part() const;
};

// User-defined substitutions: "%models" and its replacement.
using Substitutions = std::map<std::string, std::string>;

// Parses the steps of the test `text` in order. Throws Error(usage) with path and line for commands other than
// `split-file %s %t`, `tsir …` and `not tsir …`; the latter two may be followed by `| FileCheck %s`.
std::vector<RunStep> read_run_lines(const std::string& text, const std::string& path, const Substitutions& own);

// Replaces %s, %S, %p, %t, %T, %basename_t, %{s} … and %% in `word`.
std::string substitute(const std::string& word, const Substitutions& values);

} // namespace tsir
