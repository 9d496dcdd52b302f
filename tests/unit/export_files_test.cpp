// Checks of the files that a bench is to write, before it begins. What is in them: tests/lit/bench.
#include "lib/base/error.h"
#include "lib/bench/job/export_files.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

std::string export_fault(const std::vector<ExportFile>& files, bool points = false) {
  try {
    check_exports(files, {{"model.pt", "the model"}}, points);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(ExportFiles, EachIsAFileOfItsOwn) {
  const ExportFile csv{"csv", ExportFormat::csv, "a.csv"};
  EXPECT_EQ(export_fault({csv}), "");
  EXPECT_EQ(export_fault({csv, {"samples", ExportFormat::samples, "./a.csv"}}),
            "csv a.csv and samples ./a.csv: one would overwrite the other");
  EXPECT_EQ(export_fault({{"csv", ExportFormat::csv, "model.pt"}}),
            "the model and csv model.pt: one would overwrite the other");
  EXPECT_THROW(check_not_taken("./model.pt", "--json=./model.pt", {{"model.pt", "the model"}}), Error);
  EXPECT_NE(export_fault({{"csv", ExportFormat::csv, "-"}}).find("csv needs a file"), std::string::npos);
}

TEST(ExportFiles, SomeShowOneBenchOnly) {
  const ExportFile trace{"trace", ExportFormat::trace, "a.json"};
  EXPECT_EQ(export_fault({trace}), "");
  EXPECT_NE(export_fault({trace}, /*points=*/true).find("trace shows one bench, not several points"),
            std::string::npos);
  EXPECT_EQ(export_fault({{"csv", ExportFormat::csv, "a.csv"}}, /*points=*/true), "");
}

} // namespace
} // namespace tsir
