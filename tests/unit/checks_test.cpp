#include "lib/base/error.h"
#include "lib/base/shell_quoted.h"
#include "lib/checks/captures.h"
#include "lib/checks/check_lines.h"
#include "lib/checks/run_lines.h"
#include "lib/checks/test_text.h"

#include <gtest/gtest.h>

#include <functional>

namespace tsir {
namespace {

using Strings = std::vector<std::string>;

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Captures, DefineOnceAndUseAfterwards) {
  Captures captures;
  EXPECT_EQ(captures.pattern("  %3 : Tensor = aten::add(%x, %x.1, %one)"),
            "  %[[ADD:[^ ,:)]+]] : Tensor = aten::add(%[[X:[^ ,:)]+]], %[[X_1:[^ ,:)]+]], %[[ONE:[^ ,:)]+]])");
  EXPECT_EQ(captures.pattern("  %4 : Tensor = aten::add(%3, %x, %one)"),
            "  %[[ADD_1:[^ ,:)]+]] : Tensor = aten::add(%[[ADD]], %[[X]], %[[ONE]])");
  captures.forget();
  EXPECT_EQ(captures.pattern("return (%x)"), "return (%[[X:[^ ,:)]+]])");
}

TEST(Captures, NamesSayWhatAValueIs) {
  const auto name_in = [](const std::string& line) {
    const std::string pattern = Captures().pattern(line);
    return pattern.substr(3, pattern.find(':') - 3);
  };
  EXPECT_EQ(name_in("%1 : int = prim::Constant[value=2]()"), "INT_2");
  EXPECT_EQ(name_in("%1 : int = prim::Constant[value=-2]()"), "INT_M2");
  EXPECT_EQ(name_in("%1 : bool = prim::Constant[value=1]()"), "TRUE");
  EXPECT_EQ(name_in("%1 : NoneType = prim::Constant()"), "NONE");
  EXPECT_EQ(name_in("%1 : Tensor = prim::Constant[value={2}]()"), "TENSOR");
  EXPECT_EQ(name_in("%1 : Tensor[] = prim::ListConstruct(%2)"), "LIST_CONSTRUCT");
  EXPECT_EQ(name_in("%self.l.weight : Tensor = prim::GetAttr[name=\"weight\"](%1)"), "SELF_L_WEIGHT");
  EXPECT_EQ(name_in("%\"0 a\" : Tensor = aten::relu(%1)"), "V_0_A");
}

TEST(Captures, LeaveEverythingElseWordForWord) {
  Captures captures;
  EXPECT_EQ(captures.pattern(R"(= aten::f[a="%x [[ \" {{", b=[[1], [2]]]())"),
            R"(= aten::f[a="%x {{\[\[}} \" {{\{\{}}", b={{\[\[}}1], [2]]]())");
  EXPECT_EQ(captures.pattern("50 % of it, and 3%"), "50 % of it, and 3%");
  EXPECT_EQ(captures.pattern("unused: %x."), "unused: %[[X:[0-9A-Za-z_.]+]].");
  EXPECT_EQ(captures.pattern("%x and %y, not %5", false), "%[[X]] and %y, not %[[ARG:[0-9A-Za-z_.]+]]");
}

TEST(CheckLines, FollowTheGraphLineByLine) {
  const auto groups = check_lines("# said before\ngraph(%x : Tensor,\n      %y : Tensor):\n   = prim::Print(%x)\n"
                                  "  return (%y)\nwith prim::A_0 = graph():\n  return ()\n",
                                  {});
  ASSERT_EQ(groups.size(), 1);
  EXPECT_EQ(groups[0],
            (Strings{": # said before", "-LABEL: graph(", "-SAME: %[[X:[^ ,:)]+]] : Tensor,",
                     "-NEXT:       %[[Y:[^ ,:)]+]] : Tensor):", "-NEXT: {{^ *}}= prim::Print(%[[X]])",
                     "-NEXT:   return (%[[Y]])", "-LABEL: with prim::A_0 = graph():", "-NEXT:   return ()"}));
}

TEST(CheckLines, OfSeveralGraphs) {
  const auto groups = check_lines("graph():\n  return ()\n\n# -----\n\ngraph():\n  return ()\n", {});
  ASSERT_EQ(groups.size(), 2);
  EXPECT_EQ(groups[0], (Strings{"-LABEL: graph():", "-NEXT:   return ()"}));
  EXPECT_EQ(groups[1], (Strings{"-LABEL: graph():", "-NEXT:   return ()"}));
}

TEST(CheckLines, FilterAndPaths) {
  const CheckLineSettings settings{.filter = std::regex("b"), .paths = {"/tmp/", "/tmp/x/"}};
  const auto groups = check_lines("a\nb /tmp/x/y.ir /tmp/z\nb\n", settings);
  EXPECT_EQ(groups[0], (Strings{": b {{.*}}y.ir {{.*}}z", "-NEXT: b"}));
}

TEST(ShellWords, AsLitReadsThem) {
  const auto stages = split_pipe(R"(tsir opt %s -p 'a{b=1 c="x"}' "d \"e\"" f\ g 2>&1 | FileCheck %s)", "t:1");
  ASSERT_EQ(stages.size(), 2);
  EXPECT_EQ(stages[0].words, (Strings{"tsir", "opt", "%s", "-p", "a{b=1 c=\"x\"}", "d \"e\"", "f g"}));
  EXPECT_TRUE(stages[0].errors_to_output);
  EXPECT_EQ(stages[1].words, (Strings{"FileCheck", "%s"}));
  EXPECT_FALSE(stages[1].errors_to_output);
  EXPECT_EQ(split_pipe(shell_quoted("it's $a"), "t:1")[0].words, Strings{"it's $a"});
}

TEST(ShellWords, NothingThatNeedsAShell) {
  for (const char* command : {"tsir a; rm b", "tsir a && rm b", "tsir a || rm b", "tsir $(rm b)", "tsir `rm b`",
                              "tsir a > b", "tsir < a", "tsir *.ir", "tsir $HOME", "tsir a & b"}) {
    EXPECT_NE(
        refusal([&] { split_pipe(command, "t.ir:3"); }).find("t.ir:3: update-checks does not support the shell's"),
        std::string::npos)
        << command;
  }
  EXPECT_NE(refusal([] { split_pipe("tsir 'a", "t:1"); }).find("unterminated quote"), std::string::npos);
  EXPECT_NE(refusal([] { split_pipe("tsir a |", "t:1"); }).find("missing command"), std::string::npos);
}

TEST(RunLines, AreReadInTheirOrder) {
  const auto steps = read_run_lines("# RUN: split-file %s %t\n# RUN: not tsir opt %t/a.ir \\\n# RUN:   -p x 2>&1 | "
                                    "FileCheck %s --check-prefixes A,B\n# RUN: tsir dump %m/y.pt | FileCheck %t/a.ir\n",
                                    "t.ir", {{"%m", "models"}});
  ASSERT_EQ(steps.size(), 3);
  EXPECT_EQ(steps[0].kind, RunStep::Kind::split_file);
  EXPECT_EQ(steps[1].line, 2);
  EXPECT_TRUE(steps[1].fails);
  EXPECT_EQ(steps[1].prefixes, (Strings{"A", "B"}));
  EXPECT_EQ(steps[1].stages[0].words, (Strings{"opt", "%t/a.ir", "-p", "x"}));
  EXPECT_EQ(steps[1].only_part(), "a.ir");
  EXPECT_EQ(steps[2].stages[0].words, (Strings{"dump", "models/y.pt"}));
  EXPECT_EQ(steps[2].part, "a.ir");
}

TEST(RunLines, OtherCommandsAreRefused) {
  for (const char* line :
       {"rm -rf %t | FileCheck %s", "rm -rf %t", "tsir update-checks %s | FileCheck %s",
        "/bin/tsir opt %s | FileCheck %s", "not rm %s | FileCheck %s", "split-file %s /etc",
        "tsir opt %s | FileCheck %s --match-full-lines", "tsir opt %s | FileCheck other", "tsir opt %s"}) {
    EXPECT_NE(refusal([&] { read_run_lines(std::string("# RUN: ") + line, "t.ir", {}); }).find("t.ir"),
              std::string::npos)
        << line;
  }
}

TEST(TestText, KeepsWhatIsNotItsOwn) {
  const std::string text =
      "# RUN: x\n# A comment.\ngraph():\n  return ()\n\n# CHECK: old\n# CHECK-NEXT: old\n# HAND: kept\n";
  const ChecksNote note{.prefixes = {"CHECK", "B"}, .filter = "a b"};
  const std::string updated =
      TestText(text).with(note, {"CHECK", "B"}, {{"CHECK", "", {{": new"}}}, {"B", "", {{": b"}}}});
  EXPECT_EQ(updated, "# NOTE: written by tsir update-checks --prefix=CHECK,B --filter='a b'\n# RUN: x\n# A comment.\n"
                     "graph():\n  return ()\n\n# CHECK: new\n# HAND: kept\n\n# B: b\n");
  const auto read = TestText(updated).note("t.ir");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->prefixes, note.prefixes);
  EXPECT_EQ(read->filter, "a b");
  EXPECT_EQ(TestText(updated).with(note, {"CHECK", "B"}, {{"CHECK", "", {{": new"}}}, {"B", "", {{": b"}}}}), updated);
}

TEST(TestText, LinesGoToTheirGraphsAndParts) {
  const std::string text = "graph():\n  return ()\n\n# -----\n\ngraph():\n  return ()\n";
  EXPECT_EQ(TestText(text).with({.prefixes = {"C"}, .filter = {}}, {"C"}, {{"C", "", {{": 1"}, {": 2"}}}}),
            "# NOTE: written by tsir update-checks --prefix=C\ngraph():\n  return ()\n\n# C: 1\n\n# "
            "-----\n\ngraph():\n  return "
            "()\n\n# C: 2\n");
  const std::string split = "# RUN: x\n\n#--- a.ir\na\n\n#--- b.ir\nb\r\n";
  EXPECT_EQ(TestText(split).parts().at("a.ir"), "a\r\n\r\n");
  EXPECT_EQ(TestText("# RUN: x\n#--- a.ir\na\n#--- b.ir\nb\n")
                .with({.prefixes = {"C"}, .filter = {}}, {"C"}, {{"C", "a.ir", {{": 1"}}}}),
            "# NOTE: written by tsir update-checks --prefix=C\n# RUN: x\n#--- a.ir\na\n\n# C: 1\n\n#--- b.ir\nb\n");
}

} // namespace
} // namespace tsir
