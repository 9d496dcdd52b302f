// Several callers at once, and cold caches. With real threads, but no test depends on how long anything took.
#include "lib/bench/machine/cache_flush.h"
#include "lib/bench/timing/slot.h"
#include "lib/bench/variants/clients.h"
#include "tests/unit/bench_clock.h"

#include "lib/base/error.h"
#include "lib/run/state_writes.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <thread>

namespace tsir {
namespace {

// Two clients on two processors, calls of 10: they end at 10, 12, 20, 22, 30, 32, …
std::vector<CallSpan> two_clients(size_t calls) {
  std::vector<CallSpan> spans;
  for (size_t i = 0; i < calls; ++i) {
    const int64_t start = static_cast<int64_t>(i) * 10;
    spans.push_back({start, start + 10});
    spans.push_back({start + 2, start + 12});
  }
  return spans;
}

TEST(Clients, ASampleIsTheInverseOfTheThroughput) {
  std::vector<double> samples(2);
  const std::vector<double> latencies =
      windows_of(two_clients(12), {.clients = 2, .samples = 2, .calls = 8, .window_ns = 0}, samples);
  EXPECT_EQ(samples, (std::vector<double>{5, 5})) << "two calls every 10";
  EXPECT_EQ(latencies, std::vector<double>(16, 10)) << "the two before the window, and what came after it, left out";
}

TEST(Clients, TheStartIsNotInTheWindow) {
  std::vector<CallSpan> spans = two_clients(5);
  spans[0].start = spans[1].start = -1000; // the first calls compile
  std::vector<double> samples(1);
  const std::vector<double> latencies =
      windows_of(spans, {.clients = 2, .samples = 1, .calls = 4, .window_ns = 0}, samples);
  EXPECT_EQ(samples[0], 5);
  EXPECT_EQ(latencies, std::vector<double>(4, 10));
}

TEST(Clients, TheOrderOfTheSpansDoesNotMatter) {
  std::vector<CallSpan> spans = two_clients(9);
  std::ranges::reverse(spans);
  std::vector<double> samples(2);
  windows_of(spans, {.clients = 2, .samples = 2, .calls = 8, .window_ns = 0}, samples);
  EXPECT_EQ(samples, (std::vector<double>{5, 5}));
}

TEST(Clients, AllCallAtTheSameTime) {
  std::barrier<> all(3); // no call ends before three have begun
  std::vector<std::function<void()>> calls;
  for (int client = 0; client < 3; ++client) {
    calls.emplace_back([&all, waited = std::make_shared<bool>(false)] {
      if (!*waited) {
        *waited = true;
        all.arrive_and_wait();
      }
    });
  }
  const Arm arm = clients_arm(std::move(calls));
  arm.call();
  SUCCEED();
}

TEST(Clients, EveryClientHasAThreadOfItsOwnAndKeepsIt) {
  std::vector<std::vector<std::thread::id>> seen(2);
  std::vector<std::function<void()>> calls;
  for (auto& ids : seen) {
    calls.emplace_back([&ids] { ids.push_back(std::this_thread::get_id()); });
  }
  {
    const Arm arm = clients_arm(std::move(calls));
    arm.call();
    arm.call();
  }
  std::vector<std::thread::id> firsts;
  for (const auto& ids : seen) {
    ASSERT_GE(ids.size(), 2U) << "one call at least in each run";
    EXPECT_EQ(std::ranges::count(ids, ids.front()), static_cast<std::ptrdiff_t>(ids.size()));
    EXPECT_NE(ids.front(), std::this_thread::get_id());
    firsts.push_back(ids.front());
  }
  EXPECT_NE(firsts[0], firsts[1]);
}

TEST(Clients, AWindowTakesItsTime) {
  std::vector<CallSpan> spans = two_clients(20);
  spans[0].end = 9; // the first calls are quicker
  std::vector<double> samples(2);
  const std::vector<double> latencies =
      windows_of(spans, {.clients = 2, .samples = 2, .calls = 2, .window_ns = 50}, samples);
  EXPECT_EQ(samples, (std::vector<double>{5, 5}));
  EXPECT_EQ(latencies, std::vector<double>(20, 10)) << "from 50 to 150";
}

TEST(Clients, SlowCallsHaveAWindowAllTheSame) {
  std::vector<double> samples(1);
  const std::vector<double> latencies =
      windows_of(two_clients(3), {.clients = 2, .samples = 1, .calls = 4, .window_ns = 1000}, samples);
  EXPECT_EQ(samples[0], 5);
  EXPECT_EQ(latencies.size(), 4U);
}

TEST(Clients, NobodyBeginsBeforeAllAreAwake) {
  std::array<size_t, 2> made = {};
  const Arm arm = clients_arm({[&] { ++made[0]; }, [&] { ++made[1]; }});
  for (size_t run = 1; run <= 5; ++run) {
    arm.call();
    EXPECT_GE(made[0], run);
    EXPECT_GE(made[1], run);
  }
}

TEST(Clients, ASlotHoldsWhatWasAskedForAndTheLatencies) {
  std::atomic<size_t> made = 0;
  const Arm arm = clients_arm({[&] { ++made; }, [&] { ++made; }, [&] { ++made; }});
  SteadyClock clock;
  const Slot slot = run_slot(arm, 0, {.samples = 4, .calls_per_sample = 5, .washout = false}, clock);
  EXPECT_EQ(slot.sample_ns.size(), 4U);
  EXPECT_GE(slot.own.latency_ns.size(), 4 * 5 * 3 * 2U);
  EXPECT_EQ(slot.own.latency_ns.size() % 4, 0U) << "equally many in each window";
  EXPECT_EQ(slot.own.made, made.load());
  EXPECT_GE(slot.own.made, 3 + slot.own.latency_ns.size());
}

TEST(Clients, AnExceptionInAThreadFailsTheArm) {
  std::atomic<int> calls = 0;
  const auto call = [&] {
    if (++calls > 20) {
      throw Error(ErrorKind::check, "forward failed: boom");
    }
  };
  const Arm arm = clients_arm({call, call});
  SteadyClock clock;
  try {
    run_slot(arm, 3, {.samples = 100, .calls_per_sample = 1, .washout = false}, clock);
    FAIL() << "nothing was thrown";
  } catch (const ArmFailed& failure) {
    EXPECT_EQ(failure.arm(), 3U);
    EXPECT_STREQ(failure.what(), "forward failed: boom");
  }
  calls = -1'000'000'000;
  EXPECT_NO_THROW(arm.call()) << "the threads live on";
}

TEST(ColdArm, TheFlushIsNotInTheTimes) {
  auto clock = std::make_shared<SyntheticClock>(1);
  clock->noise = 0;
  size_t flushes = 0;
  const Arm arm = cold_arm(
      Arm{[clock] { clock->work(0.001); }},
      [&flushes, clock] {
        ++flushes;
        clock->work(0.5);
      },
      clock);
  const Slot slot = run_slot(arm, 0, {.samples = 3, .calls_per_sample = 2, .washout = false}, *clock);
  EXPECT_EQ(flushes, 6U) << "before each call";
  EXPECT_EQ(slot.sample_ns, std::vector<double>(3, 1e6));
  EXPECT_EQ(slot.usage->cpu_ns, 6'000'000) << "of the calls alone";
  EXPECT_EQ(slot.own.made, 6U);
  const int64_t before = clock->now();
  arm.call();
  EXPECT_EQ(clock->now() - before, 501'000'000) << "a plan goes by what a call costs with its flush";
}

TEST(Flush, IsTwiceTheLastLevelCachesInUse) {
  Environment machine;
  machine.num_cpus = 8;
  machine.caches = {{"Data", 1, 32 << 10, 1}, {"Unified", 3, 16 << 20, 4}, {"Unified", 2, 1 << 20, 1}};
  EXPECT_EQ(flush_bytes(machine, 1), 32U << 20);
  EXPECT_EQ(flush_bytes(machine, 2), 64U << 20) << "each thread may run beside a cache of its own";
  EXPECT_EQ(flush_bytes(machine, 8), 64U << 20) << "there are two";
  machine.memory_available = 100 << 20;
  EXPECT_THROW(flush_bytes(machine, 8), Error);
  machine.caches.clear();
  EXPECT_THROW(flush_bytes(machine, 1), Error);
}

TEST(ChangedAttribute, NamesWhatClientsWouldRaceFor) {
  jit::Module module("__torch__.M");
  jit::Module part("__torch__.Part");
  part.register_buffer("seen", at::zeros({1}));
  part.register_attribute("count", c10::IntType::get(), 0);
  part.register_parameter("weight", at::ones({1}), false);
  module.register_module("part", part);
  module.define("def forward(self, x: Tensor) -> Tensor:\n  return x * self.part.weight\n");
  const Unit unit = Unit::of_module(module, "forward");
  EXPECT_EQ(changed_attribute(unit, [] {}), "");
  EXPECT_EQ(changed_attribute(unit, [&] { part.attr("seen").toTensor().add_(0); }), "part.seen")
      << "a write, although the value stays";
  EXPECT_EQ(changed_attribute(unit, [&] { part.setattr("count", 1); }), "part.count");
  EXPECT_EQ(changed_attribute(unit, [&] { part.setattr("seen", at::zeros({1})); }), "part.seen");
  EXPECT_EQ(changed_attribute(unit, [&] { part.attr("weight").toTensor().zero_(); }), "part.weight");
}

} // namespace
} // namespace tsir
