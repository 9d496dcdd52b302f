#include "lib/bisect/bisect.h"
#include "lib/base/error.h"

#include <gtest/gtest.h>

#include <set>

namespace tsir {
namespace {

struct Asked {
  std::vector<size_t> steps;
};

// States of which those in `bad` are wrong.
BisectRequest request_of(size_t steps, std::set<size_t> bad, Asked& asked) {
  return {.steps = steps, .test = [bad = std::move(bad), &asked](size_t after) {
            asked.steps.push_back(after);
            return BisectState{after, bad.contains(after), 0, ""};
          }};
}

std::set<size_t> from(size_t first, size_t last) {
  std::set<size_t> all;
  for (size_t i = first; i <= last; ++i) {
    all.insert(i);
  }
  return all;
}

TEST(Bisect, HalvesFindTheOnlyChange) {
  for (size_t guilty = 1; guilty <= 100; ++guilty) {
    Asked asked;
    const auto found = bisect(request_of(100, from(guilty, 100), asked));
    ASSERT_TRUE(found.found);
    EXPECT_EQ(found.after.steps, guilty);
    EXPECT_EQ(found.before.steps, guilty - 1);
    EXPECT_TRUE(found.steady);
    EXPECT_FALSE(found.hidden);
    EXPECT_LE(asked.steps.size(), 12U); // the ends, seven halves, and both neighbours again
  }
}

TEST(Bisect, NothingWrongIsSaid) {
  Asked asked;
  const auto found = bisect(request_of(5, {}, asked));
  EXPECT_FALSE(found.found);
  EXPECT_EQ(found.tested.size(), 6U);
  EXPECT_EQ(std::set<size_t>(asked.steps.begin(), asked.steps.end()), from(0, 5));
}

TEST(Bisect, WhatALaterStepHidesIsFoundInOrder) {
  Asked asked;
  const auto found = bisect(request_of(9, {3, 4, 6}, asked));
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.after.steps, 3U);
  EXPECT_TRUE(found.hidden);
}

TEST(Bisect, LinearFindsTheFirstWhereHalvesMissIt) {
  Asked asked;
  BisectRequest request = request_of(8, {2, 7, 8}, asked);
  EXPECT_EQ(bisect(request).after.steps, 7U);
  request.linear = true;
  EXPECT_EQ(bisect(request).after.steps, 2U);
}

TEST(Bisect, AStepThatFailsOnTheWayNamesItself) {
  std::vector<size_t> asked;
  const auto found = bisect({.steps = 64, .test = [&](size_t after) {
                               asked.push_back(after);
                               return BisectState{after, after >= 5, after >= 5 ? size_t{5} : 0, "throws"};
                             }});
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.after.steps, 5U);
  EXPECT_LE(asked.size(), 8U);
}

TEST(Bisect, WhatComesOutOtherwiseASecondTimeIsNotSteady) {
  std::map<size_t, int> times;
  const auto found = bisect({.steps = 4, .test = [&](size_t after) {
                               return BisectState{after, after >= 2 && times[after]++ == 0, 0, ""};
                             }});
  ASSERT_TRUE(found.found);
  EXPECT_FALSE(found.steady);
}

TEST(Bisect, AWrongStartIsAnError) {
  Asked asked;
  EXPECT_THROW(bisect(request_of(3, from(0, 3), asked)), Error);
}

} // namespace
} // namespace tsir
