// The word that is suggested for a misspelt one.
#include "lib/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace tsir {
namespace {

TEST(NearestTest, FindsAWordAFewLettersAwayThatBeginsAlike) {
  const std::vector<std::string> words = {"fuse", "freeze", "bench", "bisect"};
  EXPECT_EQ(nearest_word("benhc", words), "bench");
  EXPECT_EQ(nearest_word("frese", words), "freeze");
  EXPECT_EQ(nearest_word("bisec", words), "bisect");
}

TEST(NearestTest, FindsNothingForAnotherWord) {
  EXPECT_EQ(nearest_word("frobnicate", std::vector<std::string>{"fuse", "bench"}), "");
  EXPECT_EQ(nearest_word("bench", std::vector<std::string>{}), "");
}

} // namespace
} // namespace tsir
