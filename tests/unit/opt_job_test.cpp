// Jobs of opt, run, diff and dot from end to end on small graphs: what a user of the library gets without the tool.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/diff/job.h"
#include "lib/opt/job.h"
#include "lib/reduce/recovery.h"
#include "lib/render/dot/job.h"
#include "lib/verify/ir_reproducer.h"
#include "lib/workload/run_job.h"
#include "passes/all.h"
#include "tests/unit/test_pass.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace tsir {
namespace {

constexpr const char* doubled_relu = R"(graph(%x : Tensor):
  %y : Tensor = aten::relu(%x)
  %z : Tensor = aten::relu(%x)
  %one : int = prim::Constant[value=1]()
  %sum : Tensor = aten::add(%y, %z, %one)
  return (%sum)
)";

class OptJobs : public ::testing::Test {
protected:
  OptJobs() {
    registry_.add(
        test_pass("fails", [](Unit&, const PassContext&) -> std::string { throw Error(ErrorKind::pass, "no"); }));
    write_file(file_, doubled_relu);
  }

  Workload workload() const {
    Workload workload;
    workload.source.file = file_;
    workload.inputs.inputs = {"float32[2]=ones"};
    return workload;
  }
  OptJob job(const std::string& passes) const {
    return {.workload = workload(), .pipeline = Pipeline::parse(passes, registry_), .observers = {}, .output = ""};
  }
  std::string usage_error(const OptJob& job) const {
    try {
      opt(job);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.what();
    }
    return "";
  }

  Registry registry_ = all_passes();
  const std::string folder_ = testing::TempDir();
  const std::string file_ = folder_ + "opt_job.ir";
};

TEST_F(OptJobs, AnOutcomeSaysWhatRanAndHasTheGraph) {
  const OptJob one = job("cse,dce");
  const std::vector<OptOutcome> outcomes = opt(one);
  ASSERT_EQ(outcomes.size(), 1U);
  ASSERT_EQ(outcomes[0].ran.size(), 2U);
  EXPECT_TRUE(outcomes[0].ran[0].changed);
  EXPECT_FALSE(outcomes[0].ran[1].changed);
  EXPECT_EQ(outcomes[0].text.find("%z"), std::string::npos) << outcomes[0].text;
  EXPECT_FALSE(outcomes[0].saved.has_value());
  const auto json = to_json(one, outcomes[0]);
  EXPECT_EQ(json["schema"], "tsir.opt/1");
  EXPECT_EQ(json["ran"].size(), 2U);
  EXPECT_EQ(json["graph"], outcomes[0].text);
}

TEST_F(OptJobs, ObserversWriteToTheSink) {
  OptJob one = job("cse,dce");
  one.observers.changes = ShowChanges::diff;
  one.observers.print_before = pass_filter("dce", one.pipeline, registry_, Setting::print_before);
  one.text = false;
  std::string printed;
  std::vector<std::string> order;
  OptHooks hooks;
  hooks.text = [&](const std::string& text) { printed += text; };
  hooks.begin = [&](size_t graph) { order.push_back(fmt::format("begin {}", graph)); };
  hooks.ran = [&](const OptOutcome& outcome) { order.push_back(fmt::format("ran {}", outcome.ran.size())); };
  hooks.done = [&](const OptOutcome& outcome) { order.push_back("done " + outcome.text); };
  opt(one, hooks);
  EXPECT_NE(printed.find("-  %z"), std::string::npos) << printed;
  EXPECT_NE(printed.find("graph("), std::string::npos) << printed;
  EXPECT_EQ(order, (std::vector<std::string>{"begin 1", "ran 2", "done "}));
}

TEST_F(OptJobs, AFilterNamesPassesOfThePipeline) {
  const Pipeline pipeline = Pipeline::parse("cse", registry_);
  EXPECT_EQ(pass_filter("cse", pipeline, registry_, Setting::print_after).names,
            std::set<std::string>{pipeline.uses()[0].row->name});
  EXPECT_THROW(pass_filter("dce", pipeline, registry_, Setting::print_after), Error);
}

TEST_F(OptJobs, TheOutputIsWrittenAndItsNameChecked) {
  OptJob one = job("cse");
  one.output = folder_ + "opt_job.out.ir";
  EXPECT_FALSE(opt(one)[0].saved.has_value());
  EXPECT_TRUE(std::filesystem::exists(one.output));
  one.output = folder_ + "opt_job.txt";
  EXPECT_NE(usage_error(one).find("the name must end in .pt (a module) or .ir"), std::string::npos);
}

TEST_F(OptJobs, AFileOfSeveralGraphsHasOneOutcomeEach) {
  write_file(file_, std::string(doubled_relu) + "# -----\n" + doubled_relu);
  OptJob both = job("cse");
  EXPECT_EQ(opt(both).size(), 2U);
  both.one_graph = true;
  EXPECT_NE(usage_error(both).find("contains 2 graphs, but only one result can be written"), std::string::npos);
}

TEST_F(OptJobs, DiagnosticsAreComparedWithThoseExpected) {
  EXPECT_EQ(verify_diagnostics(job("cse")), std::vector<std::string>());
  EXPECT_EQ(verify_diagnostics(job("fails")).size(), 1U) << "not expected";
  write_file(file_, "# expected-error@unknown {{fails}}\n" + std::string(doubled_relu));
  EXPECT_EQ(verify_diagnostics(job("fails")), std::vector<std::string>());
  EXPECT_EQ(verify_diagnostics(job("cse")).size(), 1U) << "not found";
  OptJob chosen = job("cse");
  chosen.workload.source.graph = 1;
  EXPECT_THROW(verify_diagnostics(chosen), Error);
}

TEST_F(OptJobs, RecoveryPointsCountPassesOverAllGraphs) {
  RecoveryBoard board{};
  set_recovery_board(&board);
  OptHooks hooks;
  const OptJob failing = job("cse,fails");
  hooks.observer = [&](size_t graph) { return std::make_unique<RecoveryObserver>(failing.pipeline, graph + 1); };
  EXPECT_THROW(opt(failing, hooks), Error);
  EXPECT_EQ(board.point, 4);
  EXPECT_EQ(opt(job("cse"), hooks).size(), 1U);
  EXPECT_EQ(board.point, 0);
  set_recovery_board(nullptr);
}

TEST_F(OptJobs, AReproducerIsWrittenAfterAFailure) {
  const RecoveryJob recovery{.workload = workload(),
                             .pipeline = Pipeline::parse("cse,fails", registry_),
                             .purpose = {},
                             .registry = &registry_,
                             .found_by = "tsir opt",
                             .folder = folder_ + "opt_job_reproducers",
                             .file = ""};
  const std::vector<std::string> lines = write_reproducers({.point = 2, .crashed = false, .what = "no"}, recovery);
  ASSERT_EQ(lines.size(), 1U);
  const std::string begin = "a reproducer is in ";
  ASSERT_EQ(lines[0].find(begin), 0U) << lines[0];
  EXPECT_TRUE(std::filesystem::exists(lines[0].substr(begin.size()) + "/command.sh"));
  RecoveryJob piped = recovery;
  piped.workload.source.file = "-";
  EXPECT_TRUE(write_reproducers({.point = 2, .crashed = false, .what = "no"}, piped).empty());
}

TEST_F(OptJobs, ARunIsReportedAsTextAndAsJson) {
  const RunJob measured{
      .workload = workload(), .passes = Pipeline::parse("cse", registry_), .runs = 3, .output = folder_ + "run_job.pt"};
  const RunOutcome outcome = run(measured);
  EXPECT_EQ(outcome.measured.differing_run, 0U);
  EXPECT_TRUE(std::filesystem::exists(measured.output));
  const std::string text = to_text(measured, outcome);
  EXPECT_EQ(text.find(fmt::format("{}: {}, executor as-is, device cpu, threads ", file_, file_)), 0U) << text;
  EXPECT_NE(text.find(", after passes '"), std::string::npos) << text;
  const auto json = to_json(measured, outcome);
  EXPECT_EQ(json["schema"], "tsir.run/1");
  EXPECT_TRUE(json["first_different_run"].is_null());
  EXPECT_EQ(json["outputs"][0]["path"], "output");
}

TEST_F(OptJobs, ADiffHasTheStagesOfOneFile) {
  DiffJob stages{.before = workload(),
                 .before_passes = {},
                 .after = workload(),
                 .after_passes = Pipeline::parse("cse", registry_),
                 .settings = {}};
  const DiffReport report = diff(stages);
  EXPECT_FALSE(report.empty());
  EXPECT_EQ(report.after.find(report.before + " after "), 0U) << report.after;
  stages.after_passes = {};
  EXPECT_TRUE(diff(stages).empty());
  stages.before.source.file = stages.after.source.file = "-";
  EXPECT_THROW(diff(stages), Error);
}

TEST_F(OptJobs, ADrawingIsReturnedOrWritten) {
  DrawJob drawn{.workload = workload(), .passes = {}, .draw = {}, .dot = {}, .output = ""};
  const DrawOutcome outcome = draw(drawn);
  EXPECT_EQ(outcome.content.find("digraph"), 0U) << outcome.content;
  EXPECT_EQ(outcome.level, "");
  drawn.output = folder_ + "draw_job.dot";
  EXPECT_EQ(draw(drawn).content, outcome.content);
  EXPECT_TRUE(std::filesystem::exists(drawn.output));
}

TEST(Replay, WordsOfTheFileComeBeforeThoseGiven) {
  const std::string file = testing::TempDir() + "replay.ir";
  const IrReproducer reproducer{
      .invocation = Invocation("opt", file).add("--passes", "cse"), .what = "cse failed", .plugins = {"p.so"}};
  write_file(file, reproducer_comments(reproducer) + doubled_relu);
  const Replay replay = read_replay(file, {"--stats"});
  EXPECT_EQ(replay.words, (std::vector<std::string>{"opt", file, "--passes", "cse", "--stats"}));
  EXPECT_EQ(replay.plugins, std::vector<std::string>{"p.so"});
  EXPECT_EQ(shell_line({"opt", "my model.ir"}), "tsir opt 'my model.ir'");
  write_file(file, doubled_relu);
  EXPECT_THROW(read_replay(file), Error);
}

} // namespace
} // namespace tsir
