// Tables, units and text differences.
#include "lib/base/columns.h"
#include "lib/base/table.h"
#include "lib/base/text_diff.h"
#include "lib/base/units.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <random>
#include <sstream>

namespace tsir {
namespace {

TEST(Columns, CountCharactersWithoutColours) {
  EXPECT_EQ(column_width(""), 0U);
  EXPECT_EQ(column_width("━━ 1"), 4U);
  EXPECT_EQ(column_width("\x1b[36m━\x1b[0m\x1b[K"), 1U);
}

TEST(Columns, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(fit_columns("abcd", 4), "abcd");
  EXPECT_EQ(fit_columns("abcde", 4), "abc…");
  EXPECT_EQ(fit_columns("━━━━", 4), "━━━━");
  EXPECT_EQ(fit_columns("━━━━━", 4), "━━━…");
  EXPECT_EQ(fit_columns("\x1b[36mab\x1b[0mcd", 4), "\x1b[36mab\x1b[0mcd");
  EXPECT_EQ(fit_columns("\x1b[36mab\x1b[0mcde", 4), "\x1b[36mab\x1b[0mc…");
  EXPECT_EQ(fit_columns("\x1b[36mabcde\x1b[0m", 4), "\x1b[36mabc\x1b[0m…");
}

TEST(Units, BytesHaveThreeDigits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1024), "1.00 KiB");
  EXPECT_EQ(human_bytes(12 * 1024 * 1024 + 345 * 1024), "12.3 MiB");
  EXPECT_EQ(human_bytes(1024 * 1024 - 1), "1.00 MiB");
  EXPECT_EQ(human_bytes(std::numeric_limits<uint64_t>::max()), "16.0 EiB");
}

TEST(Units, CountsAreGrouped) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1000), "1,000");
  EXPECT_EQ(human_count(25557032), "25,557,032");
}

TEST(Units, SecondsTakeTheFittingUnit) {
  EXPECT_EQ(human_seconds(0), "0 s");
  EXPECT_EQ(human_seconds(1.24e-3), "1.24 ms");
  EXPECT_EQ(human_seconds(12.4e-6), "12.4 us");
  EXPECT_EQ(human_seconds(124e-9), "124 ns");
  EXPECT_EQ(human_seconds(-0.5), "-500 ms");
  EXPECT_EQ(human_seconds(0.9999), "1.00 s");
  EXPECT_EQ(human_seconds(9.996e-3), "10.0 ms");
  EXPECT_EQ(human_seconds(1240), "1240 s");
}

TEST(Table, AlignsByCharactersAndLeavesNoTrailingBlanks) {
  Table table({{"name"}, {"n", Table::Align::right}, {"what"}});
  table.add({"é", "5", "x"});
  table.add({"longer", "1,000"});
  EXPECT_EQ(table.text("  "), "  name        n  what\n"
                              "  é           5  x\n"
                              "  longer  1,000\n");
}

TEST(Table, WithoutTitlesHasNoTitleLineAndIgnoresColours) {
  Table table({{""}, {""}});
  table.add({"\x1b[31mab\x1b[0m", "1"});
  table.add({"abc", "2"});
  EXPECT_EQ(table.text(), "\x1b[31mab\x1b[0m   1\nabc  2\n");
}

TEST(Diff, EqualTextsGiveNothing) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", false), "");
}

TEST(Diff, ShowsContextAndPositions) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n6\n7\n8\n", false, 1),
            "@@ -4,3 +4,3 @@\n 4\n-5\n+x\n 6\n");
  EXPECT_EQ(unified_diff("", "a\n", false), "@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a\nb\n", "a\n", false, 0), "@@ -2 +1,0 @@\n-b\n");
}

TEST(Diff, MarksAMissingLastNewline) {
  EXPECT_EQ(unified_diff("a\n", "a", false), "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

TEST(Diff, ColoursLines) {
  EXPECT_EQ(unified_diff("a\n", "b\n", true), "\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n");
}

// A small patch program: applies hunks to `before`, and checks every context line and removed line.
std::string patched(const std::string& before, const std::string& diff) {
  std::vector<std::string> lines;
  std::istringstream in(before);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  std::string out;
  size_t at = 0;
  std::istringstream hunks(diff);
  for (std::string line; std::getline(hunks, line);) {
    if (line.starts_with("@@")) {
      const auto start = std::stoul(line.substr(4));
      const bool empty = line.substr(4, line.find(' ', 4) - 4).ends_with(",0");
      for (const size_t to = empty ? start : start - 1; at < to; ++at) {
        out += lines.at(at) + "\n";
      }
    } else if (line[0] == '+') {
      out += line.substr(1) + "\n";
    } else {
      EXPECT_EQ(lines.at(at), line.substr(1));
      out += line[0] == ' ' ? lines.at(at) + "\n" : "";
      ++at;
    }
  }
  for (; at < lines.size(); ++at) {
    out += lines[at] + "\n";
  }
  return out;
}

std::string random_text(std::mt19937& random, size_t lines, unsigned different) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) {
    text += "line " + std::to_string(random() % different) + "\n";
  }
  return text;
}

TEST(Diff, AppliedToTheFirstTextGivesTheSecond) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const unsigned different = 1 + random() % 30;
    const auto before = random_text(random, random() % 40, different);
    const auto after = random_text(random, random() % 40, different);
    const auto diff = unified_diff(before, after, false, static_cast<int>(random() % 4));
    ASSERT_EQ(patched(before, diff), after) << before << "----\n" << after << "----\n" << diff;
  }
}

TEST(Diff, LargeTextsAreSplitAtUniqueLinesAndStillApply) {
  std::mt19937 random(2);
  std::string before;
  std::string after;
  for (int i = 0; i < 60'000; ++i) {
    const auto line = i % 50 == 0 ? "unique " + std::to_string(i) : "line " + std::to_string(random() % 1000);
    before += line + "\n";
    after += (random() % 3 == 0 ? "changed " + std::to_string(random() % 1000) : line) + "\n";
  }
  const auto diff = unified_diff(before, after, false, 0);
  EXPECT_EQ(patched(before, diff), after);
  EXPECT_LT(diff.size(), before.size() + after.size()); // found much in common
}

TEST(Diff, LargeTextsWithNothingInCommonAreReplaced) {
  std::mt19937 random(3);
  const auto before = random_text(random, 50'000, 1'000'000);
  std::string after = before;
  std::replace(after.begin(), after.end(), 'l', 'L');
  EXPECT_EQ(patched(before, unified_diff(before, after, false)), after);
}

} // namespace
} // namespace tsir
