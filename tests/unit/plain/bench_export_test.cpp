// The files for other tools, from a result with known times: the files are parsed, and compared in their units.
#include "lib/bench/export/csv.h"
#include "lib/bench/export/hyperfine.h"
#include "lib/bench/export/rows.h"
#include "lib/bench/export/trace.h"
#include "lib/bench/export/trackers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

constexpr int64_t epoch = 5'000'000'000; // on the clock, when measuring began

// A slot of two samples of two calls each.
Slot slot_of(size_t arm, int64_t start, double first, double second) {
  Slot slot;
  slot.arm = arm;
  slot.start = epoch + start;
  slot.sample_ns = {first, second};
  slot.wall_ns = std::llround(2 * (first + second));
  slot.median_ns = (first + second) / 2;
  slot.usage = Usage{slot.wall_ns * 2, static_cast<int64_t>(arm), 0};
  return slot;
}

// Arms of 2 ms, 1 ms and (the control) 2 ms per call; each sample of round r is r % longer.
Round round_of(size_t number, int64_t start) {
  Round round;
  round.make_seconds = {0.001, 0.001, 0.001};
  for (int64_t arm = 0; arm < 3; ++arm) {
    round.warmups.push_back({{3e6, 2e6}, true, 0.005, epoch + start - (3 - arm) * 5'000'000});
  }
  Block block;
  for (const size_t arm : {0U, 1U, 2U, 2U, 1U, 0U}) {
    const double call = (arm == 1 ? 1e6 : 2e6) * (1 + 0.01 * static_cast<double>(number));
    block.slots.push_back(slot_of(arm, start, call, 1.5 * call));
    start += 20'000'000;
  }
  round.blocks.push_back(std::move(block));
  return round;
}

class Export : public ::testing::Test {
protected:
  Export() {
    result_.context.file = "models/res,net.pt";
    result_.context.method = "forward";
    add_variant("", VariantState::good);
    add_variant("freeze", VariantState::good);
    add_variant("freeze,fuse", VariantState::identical, 1);
    add_variant("fuse", VariantState::identical, 0);
    add_variant("fuse,fuse", VariantState::pass_failed);
    result_.groups.push_back({{0, 1}, measured(), std::nullopt});
    Contrast faster{1, 0, false, faster_decision(), 0};
    Contrast twin{2, 0, false, faster_decision(), 0};
    result_.contrasts = {faster, twin, {3, 0, true, std::nullopt, 0}, {4, 0, false, std::nullopt, 0}};
  }

  void add_variant(const std::string& passes, VariantState state, size_t twin = 0) {
    VariantOutcome variant;
    variant.name = passes;
    variant.passes = passes;
    variant.state = state;
    variant.identical_to = twin;
    result_.variants.push_back(std::move(variant));
  }

  static Measurement measured() {
    Measurement measurement;
    measurement.arms = {"baseline", "+ freeze", "control"};
    measurement.failures.resize(3);
    measurement.plan.slot = {2, 2, false};
    measurement.start = epoch;
    measurement.rounds = {round_of(0, 100'000'000), round_of(1, 400'000'000)};
    return measurement;
  }

  static Decision faster_decision() {
    Decision decision;
    decision.outcome = Outcome::faster;
    decision.ratio.ratio = 0.5;
    decision.ratio.low = 0.4;
    decision.ratio.high = 0.6;
    decision.ratio.round_ratios = {0.45, 0.55};
    return decision;
  }

  Measurement& measurement() { return result_.groups[0].measurement; }

  BenchOutcome result_;
};

// Fails on anything that a JSON reader does not accept as a number.
void expect_finite(const Json& json, const Strings& may_be_null = {}) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_structured()) {
      expect_finite(value, may_be_null);
    } else if (std::ranges::find(may_be_null, key) == may_be_null.end()) {
      EXPECT_FALSE(value.is_null()) << key;
      EXPECT_TRUE(!value.is_number() || std::isfinite(value.get<double>())) << key;
    }
  }
}

Json reread(const Json& json) {
  return Json::parse(dump_export(json));
}

Strings lines_of(const std::string& text) {
  Strings lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

Strings names_of(const Json& list, const char* key) {
  Strings names;
  for (const Json& entry : list) {
    names.push_back(entry[key].get<std::string>());
  }
  return names;
}

const Strings all_names = {"res,net/forward/baseline", "res,net/forward/freeze", "res,net/forward/freeze,fuse",
                           "res,net/forward/fuse"};

TEST_F(Export, HyperfineJsonIsInSecondsWithEverySample) {
  const Json results = reread(hyperfine_json(result_))["results"];
  expect_finite(results);
  EXPECT_EQ(names_of(results, "command"), (Strings{all_names[0], all_names[1]})) << "what was timed itself";
  const Json& baseline = results[0];
  EXPECT_EQ(baseline["times"].size(), 8U) << "two rounds, two slots, two samples; the control is not among them";
  EXPECT_EQ(baseline["exit_codes"], Json(std::vector<int>(8, 0)));
  EXPECT_NEAR(baseline["times"][0], 0.002, 1e-12);
  EXPECT_NEAR(baseline["min"], 0.002, 1e-12);
  EXPECT_NEAR(baseline["max"], 0.00303, 1e-12);
  EXPECT_NEAR(baseline["mean"], 0.0025125, 1e-12);
  EXPECT_NEAR(baseline["user"], 2 * 0.0025125, 1e-9) << "processor time a call";
  EXPECT_GT(baseline["stddev"], 0);
  EXPECT_EQ(results[1]["parameters"]["passes"], "freeze");
  EXPECT_EQ(results[1]["parameters"]["verdict"], "FASTER 2.00x [1.67, 2.50]");
}

TEST_F(Export, ASingleSampleHasNoDeviation) {
  measurement().rounds.resize(1);
  for (Slot& slot : measurement().rounds[0].blocks[0].slots) {
    slot.sample_ns.resize(slot.start < epoch + 160'000'000 ? 1 : 0);
  }
  const Json results = reread(hyperfine_json(result_))["results"];
  EXPECT_TRUE(results[0]["stddev"].is_null());
  expect_finite(results, {"stddev"});
  EXPECT_EQ(lines_of(times_csv(result_))[1], "\"res,net/forward/baseline\",0.002,0,0.002,0.005,0,0.002,0.002")
      << "hyperfine's CSV has 0 there";
}

TEST_F(Export, MarkdownHasHyperfinesColumnsAndOurs) {
  const Strings lines = lines_of(hyperfine_markdown(result_));
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], "| Command | Mean [ms] | Min [ms] | Max [ms] | Relative | 95 % CI | Verdict |");
  EXPECT_EQ(lines[1], "|:---|---:|---:|---:|---:|---:|:---|");
  EXPECT_EQ(lines[2], "| `res,net/forward/baseline` | 2.513 ± 0.537 | 2.000 | 3.030 | 1.00 |  | reference |");
  EXPECT_EQ(lines[3],
            "| `res,net/forward/freeze` | 1.256 ± 0.269 | 1.000 | 1.515 | 0.500 ± 0.071 | [0.400, 0.600] | FASTER |");
  EXPECT_NE(lines[4].find("| FASTER, same graph as res,net/forward/freeze |"), std::string::npos);
  EXPECT_NE(lines[5].find("| 1.00 |  | IDENTICAL |"), std::string::npos);
}

TEST_F(Export, MarkdownEscapesWhatWouldEndACell) {
  result_.context.file = "a|b\n.pt";
  EXPECT_NE(hyperfine_markdown(result_).find("| `a\\|b /forward/baseline` |"), std::string::npos);
  result_.context.file = "a`b.pt";
  EXPECT_NE(hyperfine_markdown(result_).find("| `` a`b/forward/baseline `` |"), std::string::npos);
}

TEST_F(Export, MarkdownChoosesTheUnitByTheBaseline) {
  for (Round& round : measurement().rounds) {
    for (Slot& slot : round.blocks[0].slots) {
      slot.sample_ns = {2000, 2000};
    }
  }
  const Strings lines = lines_of(hyperfine_markdown(result_));
  EXPECT_NE(lines[0].find("| Mean [µs] |"), std::string::npos);
  EXPECT_NE(lines[2].find("| 2.000 ± 0.000 |"), std::string::npos);
}

TEST_F(Export, NoIntervalLeavesTheCellEmpty) {
  Ratio& ratio = result_.contrasts[0].decision->ratio;
  ratio.low = 0;
  ratio.high = std::numeric_limits<double>::infinity();
  EXPECT_NE(lines_of(hyperfine_markdown(result_))[3].find("| 0.500 ± 0.071 |  | FASTER |"), std::string::npos);
  ratio.high = 0.6;
  ratio.level = 0.75;
  EXPECT_NE(lines_of(hyperfine_markdown(result_))[3].find("[0.000, 0.600] (75 %)"), std::string::npos);
}

TEST_F(Export, CsvHasHyperfinesHeaderAndWhatWasTimed) {
  const Strings lines = lines_of(times_csv(result_));
  ASSERT_EQ(lines.size(), 3U) << "identical variants have no column to say so";
  EXPECT_EQ(lines[0], "command,mean,stddev,median,user,system,min,max");
  EXPECT_EQ(lines[1].find("\"res,net/forward/baseline\",0.0025"), 0U);
  result_.context.file = "say \"x\".pt";
  EXPECT_EQ(lines_of(times_csv(result_))[1].find("\"say \"\"x\"\"/forward/baseline\",0.0025"), 0U);
}

TEST_F(Export, SamplesAreInTheOrderTaken) {
  result_.context.file = "net.pt";
  const Strings lines = lines_of(samples_csv(result_));
  ASSERT_EQ(lines.size(), 1 + 2 * 6 * 2U);
  EXPECT_EQ(lines[0], "round,block,slot,variant,call,t_start_ns,wall_ns");
  EXPECT_EQ(lines[1], "0,0,0,net/forward/baseline,0,100000000,2000000");
  EXPECT_EQ(lines[2], "0,0,0,net/forward/baseline,2,104000000,3000000") << "two calls of 2 ms before it";
  EXPECT_EQ(lines[5], "0,0,2,control,0,140000000,2000000");
  EXPECT_EQ(lines[13], "1,0,0,net/forward/baseline,0,400000000,2020000");
}

TEST_F(Export, RoundsThatWereReplannedAreNotAmongTheTimes) {
  measurement().rounds[1].replanned = {1};
  EXPECT_EQ(hyperfine_json(result_)["results"][1]["times"].size(), 4U);
  EXPECT_EQ(lines_of(samples_csv(result_)).size(), 1 + 2 * 6 * 2U - 4);
  size_t uncounted = 0;
  const Json trace = chrome_trace(result_);
  for (const Json& event : trace["traceEvents"]) {
    uncounted += event.value("cat", "") == "timed" && !event["args"]["counted"].get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(uncounted, 2U) << "a timeline shows what happened, and says that it does not count";
}

TEST_F(Export, AnArmThatFailedIsNowhere) {
  measurement().failures[1] = "boom";
  result_.variants[1].state = VariantState::run_failed;
  EXPECT_EQ(hyperfine_json(result_)["results"].size(), 1U);
  EXPECT_EQ(names_of(action_benchmark_json(result_), "name"), (Strings{all_names[0], all_names[3]}))
      << "nor has the variant that is identical to it";
  EXPECT_EQ(samples_csv(result_).find("freeze"), std::string::npos);
  EXPECT_EQ(chrome_trace(result_).dump().find("freeze"), std::string::npos);
}

TEST_F(Export, TraceHasAProcessAVariant) {
  const Json trace = reread(chrome_trace(result_));
  expect_finite(trace);
  EXPECT_EQ(trace["displayTimeUnit"], "ms");
  std::map<size_t, std::string> processes;
  std::map<std::string, size_t> kinds;
  for (const Json& event : trace["traceEvents"]) {
    ++kinds[event["ph"].get<std::string>() + event.value("cat", "")];
    if (event["name"] == "process_name") {
      processes[event["pid"]] = event["args"]["name"].get<std::string>();
    }
  }
  EXPECT_EQ(processes, (std::map<size_t, std::string>{{1, all_names[0]}, {2, all_names[1]}, {6, "control"}}));
  EXPECT_EQ(kinds["Xtimed"], 12U);
  EXPECT_EQ(kinds["C"], 12U);
  EXPECT_EQ(kinds["Xwarmup"], 2 * 3 * 3U) << "rounds, arms, and the warm-up with its two calls";
}

TEST_F(Export, TraceIsInMicroseconds) {
  const Json trace = chrome_trace(result_);
  const auto first = [&](const std::string& category) {
    return *std::ranges::find_if(trace["traceEvents"],
                                 [&](const Json& event) { return event.value("cat", "") == category; });
  };
  EXPECT_NEAR(first("timed")["ts"], 100'000, 1e-6);
  EXPECT_NEAR(first("timed")["dur"], 10'000, 1e-6);
  EXPECT_NEAR(first("warmup")["ts"], 85'000, 1e-6) << "three warm-ups of 5 ms end where the first slot starts";
  EXPECT_EQ(first("warmup")["args"]["calls"], 2);
}

TEST_F(Export, TrackersHaveARowAVariant) {
  const Json rows = reread(action_benchmark_json(result_));
  expect_finite(rows);
  EXPECT_EQ(names_of(rows, "name"), all_names);
  EXPECT_EQ(rows[0]["unit"], "ms");
  EXPECT_NEAR(rows[0]["value"], 2.51, 1e-9);
  EXPECT_EQ(rows[0]["range"], "± 0.1588") << "12.71 times 0.0125 ms: Student's t over two rounds";
  EXPECT_EQ(rows[0]["extra"], "reference; 2 rounds, 16 calls");
  EXPECT_EQ(rows[1]["extra"], "FASTER 2.00x [1.67, 2.50]; 2 rounds, 16 calls");
}

TEST_F(Export, BencherHasBoundsInNanoseconds) {
  const Json report = reread(bencher_json(result_));
  expect_finite(report);
  EXPECT_EQ(report.size(), 4U);
  const Json& latency = report["res,net/forward/baseline"]["latency"];
  EXPECT_NEAR(latency["value"], 2.51e6, 1e-3);
  EXPECT_NEAR(latency["value"].get<double>() - latency["lower_value"].get<double>(), 158'828, 1);
  EXPECT_NEAR(latency["upper_value"].get<double>() - latency["value"].get<double>(), 158'828, 1);
}

TEST_F(Export, OneRoundHasNoRange) {
  measurement().rounds.resize(1);
  const Json rows = reread(action_benchmark_json(result_));
  expect_finite(rows);
  EXPECT_FALSE(rows[0].contains("range"));
  const Json report = reread(bencher_json(result_));
  expect_finite(report);
  EXPECT_EQ(report["res,net/forward/baseline"]["latency"].size(), 1U);
}

TEST_F(Export, NamesAreOneEach) {
  add_variant("fuse", VariantState::identical, 0);
  result_.contrasts.push_back({5, 0, true, std::nullopt, 0});
  EXPECT_EQ(row_names(result_).back(), "res,net/forward/fuse#2");
  EXPECT_EQ(bencher_json(result_).size(), 5U);
}

TEST_F(Export, TextThatIsNoUtf8IsShownAllTheSame) {
  result_.context.file = "a\xff.pt";
  EXPECT_EQ(reread(hyperfine_json(result_))["results"][0]["command"], "a\\xff/forward/baseline");
}

TEST_F(Export, NothingTimedGivesEmptyFiles) {
  result_.groups.clear();
  EXPECT_EQ(hyperfine_json(result_).dump(), R"({"results":[]})");
  EXPECT_EQ(lines_of(hyperfine_markdown(result_)).size(), 2U);
  EXPECT_EQ(lines_of(times_csv(result_)).size(), 1U);
  EXPECT_EQ(lines_of(samples_csv(result_)).size(), 1U);
  EXPECT_TRUE(chrome_trace(result_)["traceEvents"].is_array());
  EXPECT_EQ(action_benchmark_json(result_).dump(), "[]");
  EXPECT_EQ(bencher_json(result_).dump(), "{}");
}

} // namespace
} // namespace tsir
