// What the RUN lines of a test ask for, as far as `tsir update-checks` does it.
#pragma once

#include "lib/checks/shell_words.h"

#include <map>

namespace tsir {

struct RunStep {
  enum class Kind { split_file, command, check };
  Kind kind = Kind::command;
  size_t line = 0;  // of the file, from 1
  std::string text; // the command as it stands there
  // The programs before FileCheck, all of them tsir: their arguments, with %s and %t as they are.
  std::vector<PipeStage> stages;
  bool fails = false; // `not tsir`: the last of them is to fail
  // check: FileCheck's.
  std::vector<std::string> prefixes;
  std::string part; // the lines stand in this part of the file (`FileCheck %t/PART`), or "" for anywhere in it
  bool allow_empty = false;

  // The only part of the file that the programs read, or "".
  std::string only_part() const;
};

// Substitutions of one's own: "%models" and what stands for it.
using Substitutions = std::map<std::string, std::string>;

// The steps of the test `text` in their order. Throws Error(usage) with path and line for commands other than `tsir …`,
// `not tsir …`, each with or without `| FileCheck %s`, and `split-file %s %t`.
std::vector<RunStep> read_run_lines(const std::string& text, const std::string& path, const Substitutions& own);

// `word` with %s, %S, %p, %t, %T, %basename_t, %{s} … and %% replaced.
std::string substitute(const std::string& word, const Substitutions& values);

} // namespace tsir
