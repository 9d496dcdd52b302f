// The search of `tsir tune`, without processes and without the machine's clock.
#include "lib/run/device.h"
#include "lib/serve/cycle.h"
#include "lib/tune/choose.h"
#include "lib/tune/goal.h"
#include "lib/tune/journal.h"
#include "lib/tune/mix.h"
#include "lib/tune/not_tried.h"
#include "lib/tune/race.h"
#include "lib/tune/recipe.h"
#include "lib/tune/space.h"

#include "lib/base/error.h"
#include "lib/base/scratch_folder.h"
#include "lib/pass/pipeline.h"
#include "passes/all.h"
#include "tests/unit/bench_clock.h"

#include <fstream>
#include <gtest/gtest.h>

namespace tsir {
namespace {

RaceSettings race_of(double seconds, uint64_t seed) {
  RaceSettings settings;
  settings.protocol.max_seconds = seconds;
  settings.protocol.seed = seed;
  return settings;
}

TEST(Race, StopsWhatCannotWinAndKeepsTheBest) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SyntheticClock clock(seed);
    clock.noise = 0.02;
    const std::vector<ArmSource> sources = {synthetic_arm(clock, "as loaded", 0.010, 0.005, 10 * seed),
                                            synthetic_arm(clock, "best", 0.0080, 0.005, 10 * seed + 1),
                                            synthetic_arm(clock, "near", 0.0083, 0.005, 10 * seed + 2),
                                            synthetic_arm(clock, "slow", 0.013, 0.005, 10 * seed + 3),
                                            synthetic_arm(clock, "far behind", 0.030, 0.005, 10 * seed + 4)};
    const RaceOutcome outcome = race(sources, race_of(60, seed), clock);
    EXPECT_EQ(outcome.best(), 1U) << seed;
    EXPECT_FALSE(outcome.arms[1].stopped_early) << seed;
    EXPECT_FALSE(outcome.arms[0].stopped_early) << "the others are compared with it";
    EXPECT_TRUE(outcome.arms[3].stopped_early) << seed;
    ASSERT_TRUE(outcome.arms[4].stopped_early) << seed;
    EXPECT_LE(outcome.arms[4].ratio->rounds, 2U) << "three times as slow as the best: stopped after the first look";
    EXPECT_NEAR(outcome.arms[1].ratio->ratio, 0.8, 0.01) << seed;
    EXPECT_LT(outcome.seconds, 66) << seed;
  }
}

TEST(Race, OneOrTwoRoundsShowOnlyALargeDifference) {
  EXPECT_TRUE(shows_less(0.99, 3, 1));
  EXPECT_FALSE(shows_less(1.01, 3, 1));
  EXPECT_FALSE(shows_less(0.95, 2, 1)) << "processes differ from each other";
  EXPECT_TRUE(shows_less(0.85, 1, 1));
  EXPECT_FALSE(shows_less(0.75, 1, 0.8));
}

CandidateOutcome raced(const std::string& passes, double ratio, bool stopped_early = false) {
  CandidateOutcome outcome;
  outcome.candidate.passes = passes;
  outcome.state = CandidateState::good;
  outcome.ratio = {.ratio = ratio, .low = ratio - 0.005, .high = ratio + 0.005, .rounds = 5};
  outcome.stopped_early = stopped_early;
  return outcome;
}

CandidateOutcome unraced() {
  CandidateOutcome outcome;
  outcome.state = CandidateState::good;
  return outcome;
}

TEST(Choice, WhatAWrongWinnerHasStoppedTakesItsPlace) {
  std::vector<CandidateOutcome> all = {unraced(), raced("a", 0.7), raced("b", 0.8, true), raced("c", 0.97)};
  EXPECT_EQ(fastest(all, 0.01), 1U);
  all[1].state = CandidateState::wrong; // on further inputs
  EXPECT_EQ(fastest(all, 0.01), 2U);
  all[2].state = CandidateState::wrong;
  EXPECT_EQ(fastest(all, 0.01), 3U);
  all[3].state = CandidateState::wrong;
  EXPECT_EQ(fastest(all, 0.01), std::nullopt);
}

TEST(Choice, OfThoseThatAreEquallyFastTheOneThatCanBeSaved) {
  std::vector<CandidateOutcome> all = {unraced(), raced("a", 0.700), raced("b", 0.702), raced("c", 0.75, true)};
  all[1].unit.unsavable = "a fusion group";
  EXPECT_EQ(fastest(all, 0.01), 2U);
  all[2].unit.unsavable = "a fusion group";
  EXPECT_EQ(fastest(all, 0.01), 1U);
  EXPECT_EQ(fastest(all, 0.01, true), 3U) << "stopped because others were faster, but they cannot be saved";
}

TEST(Choice, ASettingThatIsNotShownToHelpIsNotTaken) {
  CandidateOutcome setting = raced("a", 0.699);
  setting.candidate.settings.inference_mode = true;
  std::vector<CandidateOutcome> all = {unraced(), raced("a", 0.70), setting};
  EXPECT_EQ(fastest(all, 0.001), 1U);
  all[2].ratio = {.ratio = 0.65, .low = 0.645, .high = 0.655, .rounds = 5};
  EXPECT_EQ(fastest(all, 0.001), 2U);
}

// The budget goes to those that are near: without the slow arm, more rounds fit.
TEST(Race, GivesTheTimeOfStoppedArmsToTheOthers) {
  SyntheticClock clock(3);
  clock.noise = 0.03;
  const std::vector<ArmSource> near = {
      synthetic_arm(clock, "as loaded", 0.010, 0.01, 1), synthetic_arm(clock, "one", 0.0080, 0.01, 2),
      synthetic_arm(clock, "other", 0.00805, 0.01, 3), synthetic_arm(clock, "very slow", 0.5, 0.01, 4)};
  RaceSettings settings = race_of(120, 1);
  settings.protocol.blocks = 4;
  const RaceOutcome outcome = race(near, settings, clock);
  ASSERT_TRUE(outcome.arms[3].stopped_early);
  EXPECT_GT(outcome.arms[1].ratio->rounds, 3 * outcome.arms[3].ratio->rounds);
}

TEST(Race, NothingIsFasterThanTheFirst) {
  SyntheticClock clock(5);
  const std::vector<ArmSource> sources = {synthetic_arm(clock, "as loaded", 0.010),
                                          synthetic_arm(clock, "slower", 0.012)};
  EXPECT_EQ(race(sources, race_of(20, 1), clock).best(), 0U);
}

TEST(Race, EndsWhenThoseThatAreLeftAreEquallyGood) {
  SyntheticClock clock(7);
  clock.noise = 0.005;
  const std::vector<ArmSource> sources = {synthetic_arm(clock, "as loaded", 0.010, 0.001, 1),
                                          synthetic_arm(clock, "one", 0.0080, 0.001, 2),
                                          synthetic_arm(clock, "twin", 0.0080, 0.001, 3)};
  const RaceOutcome outcome = race(sources, race_of(1000, 1), clock);
  EXPECT_FALSE(outcome.arms[1].stopped_early);
  EXPECT_FALSE(outcome.arms[2].stopped_early);
  EXPECT_LT(outcome.seconds, 500);
}

TEST(Race, AnArmThatFailsIsARow) {
  SyntheticClock clock(9);
  const ArmSource broken{"broken", []() -> Arm { throw std::runtime_error("it broke"); }};
  const RaceOutcome outcome = race(
      {synthetic_arm(clock, "as loaded", 0.010), broken, synthetic_arm(clock, "fast", 0.005)}, race_of(20, 1), clock);
  EXPECT_EQ(outcome.arms[1].failure, "it broke");
  EXPECT_EQ(outcome.best(), 2U);
}

TEST(Space, EveryPartIsAPipeline) {
  const Registry registry = all_passes();
  for (const Part& part : tuning_parts()) {
    const TuneCandidate candidate = candidate_with({part.name}, {});
    EXPECT_FALSE(Pipeline::parse(candidate.passes, registry).empty()) << part.name;
    EXPECT_EQ(candidate.settings.onednn_fusion, part.onednn_fusion) << part.name;
    EXPECT_EQ(candidate.settings.executor, part.as_is ? Executor::as_is : Executor::profiling) << part.name;
  }
}

TEST(Space, PartsBringWhatTheyNeedInTheRightOrder) {
  EXPECT_EQ(candidate_with({"transposed-linear"}, {}).passes, "python-freeze,frozen-linear-transpose");
  EXPECT_EQ(candidate_with({"fuse", "freeze"}, {}).passes, "freeze-module,fuse");
  EXPECT_EQ(candidate_with({"fuse"}, {}).passes, "inline,fuse");
  EXPECT_EQ(candidate_with({"clean-up", "decompose"}, {}).passes,
            "inline,decompose-ops,batch-mm,peephole,constant-propagation,cse,dce");
  EXPECT_EQ(as_loaded({}).name(), "as loaded");
  EXPECT_EQ(candidate_with({"fuse", "freeze"}, {}).name(), "freeze + fuse, executor as-is");
}

TEST(Space, CombinesWhatHelped) {
  const Gains gains = {
      {"python-freeze", 0.8}, {"freeze", 0.9}, {"transposed-linear", 0.95}, {"clean-up", 1.1}, {"fuse", 0.7}};
  const std::vector<TuneCandidate> found = combinations(gains, {}, {});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().parts, (std::vector<std::string>{"python-freeze", "transposed-linear", "fuse"}))
      << "the fastest, if gains multiply";
  for (const TuneCandidate& candidate : found) {
    const std::set<std::string> parts(candidate.parts.begin(), candidate.parts.end());
    EXPECT_FALSE(parts.contains("freeze") && parts.contains("python-freeze")) << candidate.name();
    EXPECT_FALSE(parts.contains("clean-up")) << "it did not help";
  }
  EXPECT_NE(combinations(gains, {}, {found.front().key()}).front(), found.front()) << "what is known is left out";
  EXPECT_EQ(combinations(gains, {}, {}, 2).size(), 2U);
}

TEST(Space, WhatIsShownIsCombinedFirst) {
  const Gains gains = {{"python-freeze", 0.95}, {"unroll", 0.6, false}, {"channels-last", 0.8}, {"fuse", 0.7}};
  const std::vector<TuneCandidate> found = combinations(gains, {}, {});
  EXPECT_EQ(found[0].parts, (std::vector<std::string>{"python-freeze", "channels-last", "fuse"}));
  EXPECT_EQ(found[1].parts, (std::vector<std::string>{"unroll", "python-freeze", "channels-last", "fuse"}));
}

TEST(Space, FusionByTheExecutorIsCombinedToo) {
  const Gains gains = {{"channels-last", 0.8}, {"onednn-fusion", 0.7}, {"fuse", 0.75}};
  const TuneCandidate best = combinations(gains, {}, {}).front();
  EXPECT_EQ(best.passes, "python-freeze,to-channels-last");
  EXPECT_TRUE(best.settings.onednn_fusion);
  EXPECT_EQ(best.name(), "python-freeze + channels-last + onednn-fusion");
  for (const TuneCandidate& candidate : combinations(gains, {}, {})) {
    EXPECT_TRUE(candidate.settings.onednn_fusion == (candidate.settings.executor == Executor::profiling))
        << candidate.name();
  }
}

TEST(Space, PartsForTheCpuAreNotTriedOnOtherDevices) {
  const Space space{.on_cpu = false};
  bool fuses = false;
  for (const TuneCandidate& candidate : single_candidates(space)) {
    EXPECT_EQ(candidate.passes.find("pack-linear"), std::string::npos);
    EXPECT_FALSE(candidate.settings.onednn_fusion);
    fuses = fuses || candidate.passes.find("fuse") != std::string::npos;
  }
  EXPECT_TRUE(fuses);
  EXPECT_EQ(not_tried(space, c10::Device(c10::kCUDA, 1)),
            std::vector<std::string>{
                "not tried on cuda:1, because they are for the CPU: packed-linear, mkldnn-layout, onednn-fusion"});
  EXPECT_EQ(not_tried({.only = {"freeze"}, .on_cpu = false}, c10::Device(c10::kCUDA, 1)), std::vector<std::string>());
}

TEST(Space, OnTheCpuOtherDevicesAreNamed) {
  const std::vector<std::string> lines = not_tried(Space(), c10::kCPU);
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find(usable_devices().empty() ? "a GPU" : usable_devices()[0]), std::string::npos) << lines[0];
}

TEST(Space, VariesOneSettingAtATime) {
  Space space{.processors = 4};
  const TuneCandidate best = candidate_with({"python-freeze"}, {});
  for (const TuneCandidate& variant : setting_variants(best, space)) {
    EXPECT_EQ(variant.passes, best.passes);
    EXPECT_NE(variant.settings, best.settings);
  }
  const auto uses = [&](auto&& wanted) { return std::ranges::any_of(setting_variants(best, space), wanted); };
  EXPECT_TRUE(uses([](const TuneCandidate& variant) { return variant.settings.threads == 1; }));
  EXPECT_TRUE(uses([](const TuneCandidate& variant) { return variant.settings.threads == 2; }));
  space.threads = 3; // chosen by the user
  EXPECT_FALSE(uses([&](const TuneCandidate& variant) { return variant.settings.threads != best.settings.threads; }));
  const TuneCandidate fused = candidate_with({"fuse"}, {});
  for (const TuneCandidate& variant : setting_variants(fused, space)) {
    EXPECT_EQ(variant.settings.executor, Executor::as_is) << "no other executor runs fusion groups";
  }
  TuneCandidate one = best;
  TuneCandidate other = best;
  one.settings.inference_mode = true;
  other.settings.executor = Executor::simple;
  const HostSettings both = with_settings_of(best, {one, other}).settings;
  EXPECT_TRUE(both.inference_mode && both.executor == Executor::simple);
}

TEST(Space, VariesWhatOnlyForksAndSeveralShapesNeed) {
  const TuneCandidate best = candidate_with({"python-freeze"}, {});
  const auto strategies = [&](const Space& space) {
    std::set<std::string> found;
    for (const TuneCandidate& variant : setting_variants(best, space)) {
      found.insert(variant.settings.fusion_strategy);
    }
    return found;
  };
  const auto interop = [&](const Space& space) {
    std::set<int> found;
    for (const TuneCandidate& variant : setting_variants(best, space)) {
      found.insert(variant.settings.interop_threads);
    }
    return found;
  };
  EXPECT_EQ(strategies({.processors = 2}), (std::set<std::string>{""}));
  EXPECT_EQ(strategies({.processors = 2, .shapes = true}), (std::set<std::string>{"", "STATIC:20", "DYNAMIC:20"}));
  EXPECT_EQ(interop({.processors = 2}), (std::set<int>{0}));
  EXPECT_EQ(interop({.processors = 2, .forks = true}), (std::set<int>{0, 1, 2}));
}

TEST(Mix, CallsOfEachPartAreSpreadOverTheCycle) {
  EXPECT_EQ(order_of_cycle({3, 1}), (std::vector<size_t>{0, 0, 1, 0}));
  EXPECT_EQ(order_of_cycle({1, 1, 1}), (std::vector<size_t>{0, 1, 2}));
  EXPECT_EQ(order_of_cycle({2, 2}), (std::vector<size_t>{0, 1, 0, 1}));
}

TEST(Mix, IsReadAsItWasWritten) {
  const Mix mix = {{"float32[1,8]", 3}, {"(float32[4,8], 1)", 1}};
  EXPECT_EQ(mix_of(to_json(mix)), mix);
  EXPECT_EQ(calls_of_cycle(mix), 4U);
  EXPECT_EQ(calls_of_cycle({}), 1U);
  EXPECT_EQ(to_text(mix), "3 of 'float32[1,8]', 1 of '(float32[4,8], 1)'");
  EXPECT_DOUBLE_EQ(per_call(Goal::latency, 8, 4), 2);
  EXPECT_DOUBLE_EQ(per_call(Goal::memory, 8, 4), 8);
}

TEST(HostSettings, FusionStrategiesAreChecked) {
  EXPECT_EQ(fusion_strategy_of("STATIC:2,DYNAMIC:10"),
            (std::vector<std::pair<std::string, size_t>>{{"STATIC", 2}, {"DYNAMIC", 10}}));
  for (const char* wrong : {"", "STATIC", "static:2", "STATIC:", "STATIC:-1", "STATIC:2;DYNAMIC:1"}) {
    EXPECT_THROW(fusion_strategy_of(wrong), Error) << wrong;
  }
}

TEST(Space, NamesAreChecked) {
  EXPECT_THROW((Space{.only = {"nonesuch"}}.check()), Error);
  EXPECT_THROW((Space{.allowed = {"fuse"}}.check()), Error) << "it needs no permission";
  EXPECT_NO_THROW((Space{.only = {"fuse", "threads"}}.check()));
  for (const TuneCandidate& candidate : single_candidates({.only = {"python-freeze", "fuse"}})) {
    EXPECT_TRUE(candidate.settings.executor != Executor::simple && !candidate.settings.onednn_fusion)
        << candidate.name();
  }
}

CandidateOutcome outcome_of(const std::string& part, CandidateState state) {
  CandidateOutcome outcome{.candidate = candidate_with({part}, {}), .state = state, .detail = "because"};
  outcome.ratio = TimeRatio{0.5, 0.4, 0.6, 7};
  outcome.unit.key = "key";
  outcome.unit.notes = {"a note"};
  return outcome;
}

TEST(TuneOutcome, OfTwoThatExecuteTheSameTheSimplerIsRaced) {
  std::vector<CandidateOutcome> all = {outcome_of("freeze", CandidateState::good)};
  all[0].unit.key = "other";
  const auto with_parts = [](const std::set<std::string>& parts) {
    CandidateOutcome outcome = outcome_of("freeze", CandidateState::good);
    outcome.candidate = candidate_with(parts, {});
    return outcome;
  };
  std::vector<size_t> to_race;
  add_outcome(all, with_parts({"freeze", "transposed-linear", "channels-last"}), to_race);
  add_outcome(all, with_parts({"freeze", "channels-last"}), to_race);
  add_outcome(all, with_parts({"freeze", "transposed-linear"}), to_race);
  add_outcome(all, outcome_of("fuse", CandidateState::failed), to_race);
  EXPECT_EQ(to_race, std::vector<size_t>{2});
  EXPECT_EQ(all[1].state, CandidateState::identical);
  EXPECT_EQ(all[1].detail, "executes the same as freeze + channels-last");
  EXPECT_EQ(all[3].state, CandidateState::identical);
  EXPECT_EQ(all[4].state, CandidateState::failed);
  to_race.clear(); // a later step: what was raced stays
  add_outcome(all, with_parts({"freeze"}), to_race);
  EXPECT_TRUE(to_race.empty());
  EXPECT_EQ(all[5].detail, "executes the same as freeze + channels-last");
}

TEST(TuneJournal, GoesOnFromWhatIsThere) {
  const ScratchFolder folder("tsir-journal");
  const std::string path = folder.path() + "/journal";
  {
    Journal journal(path, {{"sha1", "a"}});
    journal.add_trial(outcome_of("freeze", CandidateState::good));
    journal.add_trial(outcome_of("fuse", CandidateState::failed));
    journal.add_raced(outcome_of("freeze", CandidateState::good));
  }
  std::ofstream(path, std::ios::app) << "{\"trial\": {\"parts\": [\"fr"; // the process was killed
  Journal again(path, {{"sha1", "a"}});
  EXPECT_EQ(again.trial(candidate_with({"fuse"}, {}))->state, CandidateState::failed);
  EXPECT_EQ(again.trial(candidate_with({"freeze"}, {}))->unit.notes, std::vector<std::string>{"a note"});
  EXPECT_EQ(again.raced(candidate_with({"freeze"}, {}))->ratio->rounds, 7U);
  EXPECT_FALSE(again.raced(candidate_with({"fuse"}, {})));
  again.add_raced(outcome_of("fuse", CandidateState::good));
  EXPECT_TRUE(Journal(path, {{"sha1", "a"}}).raced(candidate_with({"fuse"}, {}))) << "the incomplete line is gone";
  EXPECT_THROW(Journal(path, {{"sha1", "b"}}), Error) << "of another model";
  std::ofstream(folder.path() + "/text") << "something else\n";
  EXPECT_THROW(Journal(folder.path() + "/text", {{"sha1", "a"}}), Error);
}

TEST(TuneRecipe, IsReadAsItWasWritten) {
  Recipe recipe{.made_by = "tsir 1",
                .date = "today",
                .model = "m.pt",
                .sha1 = "a",
                .method = "forward",
                .goal = "latency",
                .inputs = {"float32[1]"},
                .conditions = {{"processor", "A"}, {"threads", "2"}},
                .candidate = candidate_with({"fuse"}, {}),
                .confirmed = {0.5, 0.4, 0.6, 9}};
  recipe.candidate.settings.threads = 1;
  const ScratchFolder folder("tsir-recipe");
  const std::string path = folder.path() + "/recipe.json";
  std::ofstream(path) << to_json(recipe).dump();
  const Recipe again = read_recipe(path);
  EXPECT_EQ(to_json(again), to_json(recipe));
  EXPECT_EQ(again.candidate, recipe.candidate);
  EXPECT_TRUE(differences(again, "a", recipe.conditions).empty());
  const std::vector<std::string> lines = differences(again, "b", {{"processor", "B"}, {"threads", "2"}});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "the model is not the file that was tuned (m.pt)");
  EXPECT_EQ(lines[1], "processor: A in the recipe, B here");
  std::ofstream(path) << "{}";
  EXPECT_THROW(read_recipe(path), Error);
}

} // namespace
} // namespace tsir
