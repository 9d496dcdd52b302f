// What a job of update-checks refuses before anything runs, and what it reports. Whole jobs: tests/lit/update_checks.
#include "lib/checks/update_job.h"

#include <gtest/gtest.h>

#include <fstream>

#include <filesystem>

namespace tsir {
namespace {

std::string usage_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(UpdateJob, ASubstitutionIsAPercentSignANameAndAText) {
  const Substitutions values = parse_substitutions({"%a=b=c", "%empty="});
  EXPECT_EQ(values.at("%a"), "b=c");
  EXPECT_EQ(values.at("%empty"), "");
  for (const std::string bad : {"a=b", "%=b", "%a", ""}) {
    EXPECT_NE(usage_error([&] { parse_substitutions({bad}); }).find("give it as %NAME=TEXT"), std::string::npos) << bad;
  }
}

TEST(UpdateJob, ASubstitutionByAFileIsAnAbsolutePath) {
  EXPECT_EQ(parse_substitutions({"%here=."}).at("%here"), std::filesystem::absolute(".").string());
}

TEST(UpdateJob, AFileIsGivenOnceAndIsNotStandardInput) {
  const std::string folder = testing::TempDir();
  const std::string again = folder + "./given.ir";
  std::ofstream(folder + "given.ir") << "graph():\n  return ()\n";
  EXPECT_EQ(usage_error([&] { update_tests({.files = {folder + "given.ir", again}, .settings = {}}); }),
            again + " is given twice");
  EXPECT_NE(usage_error([] { update_tests({.files = {"-"}, .settings = {}}); }).find("cannot read standard input"),
            std::string::npos);
}

TEST(UpdateJob, ALineAndAReportSayWhatBecameOfAFile) {
  const UpdateOutcome updated{.file = "a.ir",
                              .state = UpdateState::updated,
                              .update = {.before = "", .after = "x", .written = {"CHECK", "CFG"}, .by_hand = {"OPT"}},
                              .error = ""};
  EXPECT_EQ(outcome_line(updated), "a.ir: updated (CHECK, CFG; by hand: OPT)\n");
  const UpdateOutcome failed{.file = "b.ir", .state = UpdateState::failed, .update = {}, .error = "it crashed"};
  const auto report = update_report({updated, failed});
  EXPECT_EQ(report["files"][0]["state"], "updated");
  EXPECT_EQ(report["files"][0]["by_hand"][0], "OPT");
  EXPECT_EQ(report["files"][1]["error"], "it crashed");
  EXPECT_FALSE(report["files"][1].contains("prefixes"));
}

} // namespace
} // namespace tsir
