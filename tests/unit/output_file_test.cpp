#include "lib/base/error.h"
#include "lib/base/output_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tsir {
namespace {

namespace fs = std::filesystem;

class OutputFile : public ::testing::Test {
protected:
  OutputFile() : folder_(fs::temp_directory_path() / ("tsir-output-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~OutputFile() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(name).rdbuf();
    return text.str();
  }
  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(OutputFile, AppearsWholeAndReplacesWhatWasThere) {
  write_file(path("a"), "one");
  write_file(path("a"), "two");
  EXPECT_EQ(read(path("a")), "two");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFile, LeavesNothingWithoutCommit) {
  write_file(path("a"), "before");
  {
    const PendingFile pending(path("a"));
    std::ofstream(pending.temporary()) << "half";
  }
  EXPECT_EQ(read(path("a")), "before");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFile, RefusesPlacesThatCannotBeWritten) {
  const auto kind_of = [](const std::string& where) {
    try {
      check_writable(where);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::crash;
  };
  EXPECT_EQ(kind_of(folder_.string()), ErrorKind::usage);
  EXPECT_EQ(kind_of(path("no/such/folder")), ErrorKind::usage);
  EXPECT_EQ(kind_of(""), ErrorKind::usage);
}

TEST_F(OutputFile, FullDiskIsACheckThatFailed) {
  try {
    write_file("/dev/full", "text");
    FAIL() << "nothing thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::check);
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos);
  }
}

TEST(PathIdentity, IsTheSameForAllSpellingsOfAFileThatNeedNotExist) {
  const std::string name = "no-such-folder/a.csv";
  EXPECT_EQ(path_identity(name), path_identity("./no-such-folder/../no-such-folder/a.csv"));
  EXPECT_EQ(path_identity(name), path_identity(std::filesystem::absolute(name).string()));
  EXPECT_NE(path_identity(name), path_identity("a.csv"));
}

TEST(OneLine, KeepsTheMessageAndDropsTheRest) {
  EXPECT_EQ(one_line(std::string_view("The following operation failed in the TorchScript interpreter.\n"
                                      "Traceback of TorchScript (most recent call last):\n  File \"x\", line 1\n"
                                      "RuntimeError: shapes do not fit\n")),
            "shapes do not fit");
  EXPECT_EQ(one_line(std::string_view("first\nsecond")), "first");
  EXPECT_EQ(one_line(std::string_view("isObject() INTERNAL ASSERT FAILED at \"/a/b.h\":137, please report a bug to "
                                      "PyTorch. Expected Object but got Int\n")),
            "Expected Object but got Int");
  EXPECT_EQ(
      one_line(std::string_view("n == 1 INTERNAL ASSERT FAILED at \"/a/b.h\":137, please report a bug to PyTorch. ")),
      "LibTorch's own check failed: n == 1");
  EXPECT_EQ(one_line(std::string_view("")), "unknown error");
  EXPECT_LE(one_line(std::string_view(std::string(1000, 'x'))).size(), 300U);
}

} // namespace
} // namespace tsir
