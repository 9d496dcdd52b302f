#include "lib/checks/expected_diagnostics.h"
#include "lib/base/error.h"

#include <gtest/gtest.h>

namespace tsir {
namespace {

using Lines = std::vector<std::string>;

constexpr auto an_error = Diagnostic::Severity::error;
constexpr auto a_warning = Diagnostic::Severity::warning;

Lines mismatches(std::string_view text, const std::vector<Diagnostic>& found) {
  return ExpectedDiagnostics(text, "a.ir").mismatches(found);
}

TEST(ExpectedDiagnostics, AreFoundWhereTheyAreSaidToBe) {
  const std::string_view text =
      "%y # expected-error {{not defined}}\n"
      "# expected-error@+1 {{one}} expected-warning@below {{two}}\n"
      "%z\n"
      "# expected-warning-re@-1{{^no [a-z]+$}}\n"
      "# expected-error@unknown {{a pass}} expected-error@1 {{%y}} expected-error@above {{x}}\n";
  EXPECT_EQ(mismatches(text, {{an_error, 1, "%y is not defined"},
                              {an_error, 3, "the one"},
                              {a_warning, 3, "the two"},
                              {a_warning, 3, "no operator"},
                              {an_error, 0, "a pass failed"},
                              {an_error, 1, "again %y"},
                              {an_error, 4, "xyz"}}),
            Lines{});
}

TEST(ExpectedDiagnostics, WhatDoesNotGoTogetherIsSaid) {
  const std::string_view text =
      "# expected-error {{one}}\n# expected-error@+1 {{two}}\n\n# expected-error@unknown {{p}}\n";
  EXPECT_EQ(mismatches(text, {}), (Lines{"a.ir:1: the expected error was not reported: one",
                                         "a.ir:2: the expected error at line 3 was not reported: two",
                                         "a.ir:4: the expected error without a line was not reported: p"}));
  EXPECT_EQ(mismatches("", {{a_warning, 7, "w"}, {an_error, 0, "e"}}),
            (Lines{"a.ir:7: unexpected warning: w", "a.ir: unexpected error: e"}));
  const std::string_view one = "# expected-error {{x}}\n";
  EXPECT_EQ(mismatches(one, {{a_warning, 1, "x"}}).size(), 2U) << "another severity";
  EXPECT_EQ(mismatches(one, {{an_error, 2, "x"}}).size(), 2U) << "another line";
  EXPECT_EQ(mismatches(one, {{an_error, 1, "y"}}).size(), 2U) << "other words";
  EXPECT_EQ(mismatches(one, {{an_error, 1, "x"}, {an_error, 1, "x"}}).size(), 1U) << "each stands for one";
}

TEST(ExpectedDiagnostics, CommentsThatCannotBeUnderstood) {
  const auto fault = [](std::string_view text) {
    try {
      ExpectedDiagnostics(text, "a.ir");
      return std::string();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::load);
      return std::string(error.what());
    }
  };
  EXPECT_EQ(fault("\n# expected-error not defined"), "a.ir:2:18: expected {{a part of the message}}");
  EXPECT_EQ(fault("# expected-error {{not closed}"), "a.ir:1:18: expected {{a part of the message}}");
  EXPECT_EQ(fault("# expected-error@here {{x}}"),
            "a.ir:1:18: expected a line after @: +1, -1, 12, above, below or unknown");
  EXPECT_EQ(fault("# expected-error@-1 {{x}}"), "a.ir:1:20: there is no such line");
  EXPECT_EQ(fault("# expected-error@above {{x}}"), "a.ir:1:23: there is no such line");
  EXPECT_NE(fault("# expected-error-re {{(}}").find("invalid regular expression"), std::string::npos);
}

} // namespace
} // namespace tsir
