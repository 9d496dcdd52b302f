// The commands of a test, run as lit runs them.
#pragma once

#include "lib/checks/update.h"
#include "lib/process/program.h"

#include <filesystem>

namespace tsir {

class TestRun {
public:
  // `file` holds the text, and stands for the test at `path`: %S is that one's folder.
  TestRun(std::string path, const std::string& file, const std::filesystem::path& folder,
          const UpdateSettings& settings);

  // Runs a step; gives what FileCheck would read. Throws Error(check).
  std::string run(const RunStep& step) const;
  // What stands for the test and its folders in what commands print.
  std::vector<std::string> paths() const;

private:
  void split_file() const;
  ProgramEnd run_stage(const RunStep& step, const PipeStage& stage, const std::string& input, bool fails) const;

  std::string path_;
  std::string file_;
  std::filesystem::path temporary_; // %t
  const UpdateSettings& settings_;
  Substitutions values_;
};

} // namespace tsir
