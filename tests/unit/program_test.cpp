// Other programs: run to their end, or talked to.
#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/process/program.h"
#include "lib/process/spawn.h"
#include "lib/process/subprocess.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

TEST(Program, OutputErrorsAndEnd) {
  ProgramRun run{.program = "/bin/sh",
                 .arguments = {"-c", "echo out; echo err >&2; exit 3"},
                 .environment = {},
                 .folder = "/",
                 .limit = std::chrono::seconds(20)};
  const ProgramEnd apart = run_program(run);
  EXPECT_EQ(apart.output, "out\n");
  EXPECT_EQ(apart.errors, "err\n");
  EXPECT_EQ(apart.exit_code, 3);
  run.errors_to_output = true;
  EXPECT_EQ(run_program(run).output, "out\nerr\n");
  run.drops_output = true;
  EXPECT_EQ(run_program(run).output, "err\n");
  run.arguments = {"-c", "sleep 30"};
  run.limit = std::chrono::milliseconds(50);
  EXPECT_TRUE(run_program(run).timed_out);
  run.program = "/nonexistent";
  EXPECT_THROW(run_program(run), Error);
}

TEST(Program, InputAsText) {
  const std::string large(3'000'000, 'x');                                     // more than a pipe holds, both ways
  const ProgramEnd end = run_program({.program = "cat", .input_text = large}); // found in PATH
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(end.output == large);
  EXPECT_EQ(run_program({.program = "cat"}).output, "");
}

TEST(Program, EnvironmentFolderAndSignal) {
  ProgramRun run{.program = "/bin/sh", .arguments = {"-c", "echo $TSIR_TEST in $PWD, ${HOME:-no home}"}};
  run.environment = std::vector<std::string>{"TSIR_TEST=set"};
  run.folder = "/";
  EXPECT_EQ(run_program(run).output, "set in /, no home\n");
  EXPECT_EQ(run_program({.program = "/bin/sh", .arguments = {"-c", "kill -TERM $$"}}).exit_code, 128 + 15);
}

std::string spawn_error(const std::string& program) {
  try {
    spawn({.program = program}, SpawnActions());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::check);
    return error.what();
  }
  return "";
}

TEST(Program, OneThatCannotBeStartedIsNamed) {
  EXPECT_EQ(spawn_error("/nonexistent"), "cannot start /nonexistent: No such file or directory");
  EXPECT_EQ(spawn_error("tsir-no-such-program"), "cannot start tsir-no-such-program: No such file or directory");
  EXPECT_EQ(spawn_error("/"), "cannot start /: Permission denied");
}

TEST(Program, ASubprocessAnswersAndLeavesAnErrorLine) {
  const ScratchFolder scratch("tsir");
  Subprocess process("read line; echo \"got $line\"; echo first >&2; echo last >&2; exit 3", scratch.path() + "/log");
  process.send("hello");
  std::string line;
  EXPECT_EQ(process.read_line(line, std::chrono::seconds(20), {}), Subprocess::Reading::line);
  EXPECT_EQ(line, "got hello");
  EXPECT_EQ(process.read_line(line, std::chrono::seconds(20), {}), Subprocess::Reading::ended);
  EXPECT_EQ(process.how_it_ended(), "ended with exit code 3");
  EXPECT_EQ(process.exit_code(), 3);
  EXPECT_EQ(process.last_error_line(), "last");
}

} // namespace
} // namespace tsir
