// Runs the commands of a test like lit.
#pragma once

#include "lib/checks/update.h"
#include "lib/process/program.h"

#include <filesystem>

namespace tsir {

class TestRun {
public:
  // `file` contains the text of the test at `path`; %S is the folder of `path`.
  TestRun(std::string path, const std::string& file, const std::filesystem::path& folder,
          const UpdateSettings& settings);

  // Runs a step and returns the text that FileCheck would read. Throws Error(check).
  std::string run(const RunStep& step) const;
  // The paths of the test and its folders that may appear in the output of commands.
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
