// Work in a child process: its value, its error, its events, and how it died.
#include "lib/process/phase.h"
#include "lib/process/worker.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace tsir {
namespace {

struct Point {
  int x = 0;
  std::string name;
};
void to_json(WorkerJson& json, const Point& point) {
  json = {{"x", point.x}, {"name", point.name}};
}
void from_json(const WorkerJson& json, Point& point) {
  point = {json.at("x"), json.at("name")};
}

template <typename T> WorkerDeath worker_death(const WorkerResult<T>& result) {
  const auto* death = std::get_if<WorkerDeath>(&result);
  EXPECT_NE(death, nullptr);
  return death != nullptr ? *death : WorkerDeath{};
}

template <typename T> Error worker_error(const WorkerResult<T>& result) {
  const auto* error = std::get_if<Error>(&result);
  EXPECT_NE(error, nullptr);
  return error != nullptr ? *error : Error(ErrorKind::check, "");
}

TEST(Worker, GivesAValueOfItsType) {
  const pid_t here = ::getpid();
  EXPECT_NE(value_or_throw(in_worker<pid_t>({}, [] { return ::getpid(); })), here);
  const Point point = value_or_throw(in_worker<Point>({}, [] { return Point{3, "two\nlines \xff"}; }));
  EXPECT_EQ(point.x, 3);
  EXPECT_EQ(point.name, "two\nlines \xEF\xBF\xBD"); // what is not UTF-8 is replaced
  EXPECT_EQ(value_or_throw(in_worker<std::vector<bool>>({},
                                                        [] {
                                                          return std::vector{true, false};
                                                        })),
            (std::vector{true, false}));
  const size_t large = 3'000'000; // more than a pipe holds
  EXPECT_EQ(value_or_throw(in_worker<std::string>({}, [] { return std::string(large, 'x'); })).size(), large);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(in_worker<void>({}, [] {})));
}

TEST(Worker, WhatTheChildChangesStaysThere) {
  int changed = 0;
  value_or_throw(in_worker<void>({}, [&] { changed = 1; }));
  EXPECT_EQ(changed, 0);
}

TEST(Worker, GivesTheErrorWithItsKind) {
  const std::string line = "no such model\nand a second line, " + std::string(400, 'x');
  const auto failing = [&]() -> int { throw Error(ErrorKind::load, line); };
  const auto result = in_worker<int>({}, failing);
  EXPECT_EQ(worker_error<int>(result).kind(), ErrorKind::load);
  EXPECT_EQ(worker_error<int>(result).what(), line);
  try {
    value_or_throw(result);
    ADD_FAILURE() << "no exception";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::load);
    EXPECT_EQ(error.what(), line);
  }
}

TEST(Worker, AnotherExceptionIsACrash) {
  const auto result = in_worker<void>({}, [] { throw std::runtime_error("bad graph\nTraceback of TorchScript"); });
  const WorkerDeath death = worker_death<void>(result);
  EXPECT_EQ(death.kind, WorkerDeath::Kind::crashed);
  EXPECT_EQ(death.signal, 0);
  EXPECT_EQ(death.what, "bad graph");
}

TEST(Worker, ACrashNamesSignalAndStep) {
  const auto result = in_worker<void>({.limit = std::chrono::seconds(60)}, [] {
    std::signal(SIGSEGV, SIG_DFL);
    const Phase outer("loading m.pt");
    const Phase phase("running pass bad on forward");
    set_crash_detail("index 3");
    std::raise(SIGSEGV);
  });
  const WorkerDeath death = worker_death<void>(result);
  EXPECT_EQ(death.kind, WorkerDeath::Kind::crashed);
  EXPECT_EQ(death.signal, SIGSEGV);
  EXPECT_EQ(death.step, "running pass bad on forward");
  EXPECT_EQ(death.what, "Segmentation fault while running pass bad on forward: index 3");
  try {
    value_or_throw(result);
    ADD_FAILURE() << "no exception";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::crash);
    EXPECT_EQ(error.what(), death.what);
  }
}

TEST(Worker, AnExitIsACrash) {
  for (const int code : {0, 3}) {
    const WorkerDeath death = worker_death<void>(in_worker<void>({}, [code] {
      const Phase phase("loading m.pt");
      std::_Exit(code);
    }));
    EXPECT_EQ(death.kind, WorkerDeath::Kind::crashed);
    EXPECT_EQ(death.signal, 0);
    EXPECT_EQ(death.what, fmt::format("exit with {} while loading m.pt", code));
  }
}

// More than the usual stack of 8 MiB.
int deep(int depth) {
  volatile char frame[1024] = {};
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? frame[0] : deep(depth - 1) + (frame[0] == depth ? 0 : 1);
}

TEST(Worker, HasAsMuchStackAsItIsGiven) {
  const int depth = 64 * 1024;
  const auto result = in_worker<bool>({.stack_bytes = size_t{256} << 20}, [] { return deep(depth) >= 0; });
  EXPECT_TRUE(value_or_throw(result));
  const auto error = in_worker<int>({.stack_bytes = size_t{256} << 20},
                                    []() -> int { throw Error(ErrorKind::pass, "as without a stack of its own"); });
  EXPECT_EQ(worker_error<int>(error).kind(), ErrorKind::pass);
}

TEST(Worker, TheParentIsCalledWhileItWaits) {
  int calls = 0;
  value_or_throw(in_worker<void>({.while_waiting = [&] { ++calls; }},
                                 [] { std::this_thread::sleep_for(std::chrono::milliseconds(500)); }));
  EXPECT_GE(calls, 2);
}

TEST(Worker, TheLimitEndsIt) {
  const auto begun = std::chrono::steady_clock::now();
  const WorkerDeath death = worker_death<void>(in_worker<void>({.limit = std::chrono::milliseconds(200)}, [] {
    const Phase phase("running pass endless");
    std::this_thread::sleep_for(std::chrono::minutes(5));
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::minutes(1));
  EXPECT_EQ(death.kind, WorkerDeath::Kind::timed_out);
  EXPECT_EQ(death.signal, 0);
  EXPECT_EQ(death.step, "running pass endless");
  EXPECT_EQ(death.what, "exceeded its time limit while running pass endless");
}

TEST(Worker, ATimeLimitOfAStepIsAnErrorOfLoading) {
  const auto result = in_worker<void>({}, [] {
    const Phase phase("loading m.pt");
    const TimeLimit limit(std::chrono::milliseconds(100));
    std::this_thread::sleep_for(std::chrono::minutes(5));
  });
  EXPECT_EQ(worker_error<void>(result).kind(), ErrorKind::load);
  EXPECT_TRUE(
      std::string_view(worker_error<void>(result).what()).starts_with("gave up while loading m.pt: it took too long"))
      << worker_error<void>(result).what();
}

TEST(Worker, EventsArriveInOrderUpToACrash) {
  std::vector<Point> events;
  const auto result = in_worker<int, Point>(
      {},
      [](const EventSink<Point>& send) -> int {
        for (int i = 0; i < 1000; ++i) {
          send({i, "event"});
        }
        std::raise(SIGKILL);
        return 0;
      },
      [&](const Point& point) { events.push_back(point); });
  EXPECT_EQ(worker_death<int>(result).signal, SIGKILL);
  ASSERT_EQ(events.size(), 1000U);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].x, static_cast<int>(i));
  }
}

TEST(Worker, EventsArriveWhileItWorks) {
  int answer[2];
  ASSERT_EQ(::pipe(answer), 0);
  const auto result = in_worker<char, int>(
      {.limit = std::chrono::seconds(60)},
      [&](const EventSink<int>& send) {
        send(1);
        char byte = 0; // written by the parent when it has the event
        return ::read(answer[0], &byte, 1) == 1 ? byte : 'x';
      },
      [&](int) { EXPECT_EQ(::write(answer[1], "a", 1), 1); });
  EXPECT_EQ(value_or_throw(result), 'a');
  ::close(answer[0]);
  ::close(answer[1]);
}

TEST(Worker, AnExceptionOfTheListenerLeavesNoChild) {
  pid_t child = 0;
  const auto listen = [&] {
    in_worker<void, pid_t>(
        {},
        [](const EventSink<pid_t>& send) {
          send(::getpid());
          std::this_thread::sleep_for(std::chrono::minutes(5));
        },
        [&](pid_t pid) {
          child = pid;
          throw Error(ErrorKind::check, "enough");
        });
  };
  EXPECT_THROW(listen(), Error);
  EXPECT_EQ(::kill(child, 0), -1);
}

TEST(Worker, SetsTheEnvironmentOfTheChildOnly) {
  const auto value =
      in_worker<std::string>({.environment = {{"TSIR_TEST_LIMIT", "fuser=3"}, {"HOME", "/nowhere"}}},
                             [] { return std::string(std::getenv("TSIR_TEST_LIMIT")) + " " + std::getenv("HOME"); });
  EXPECT_EQ(value_or_throw(value), "fuser=3 /nowhere");
  EXPECT_EQ(std::getenv("TSIR_TEST_LIMIT"), nullptr);
}

TEST(Worker, IgnoresAnInterruptWhereAskedTo) {
  const auto interrupted = [] {
    std::raise(SIGINT);
    return 7;
  };
  EXPECT_EQ(value_or_throw(in_worker<int>({.ignore_interrupt = true}, interrupted)), 7);
  EXPECT_EQ(worker_death<int>(in_worker<int>({}, interrupted)).signal, SIGINT);
}

TEST(Worker, DiscardsWhatTheChildPrintsWhereAskedTo) {
  for (const bool discard : {false, true}) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    value_or_throw(in_worker<void>({.discard_output = discard}, [] {
      EXPECT_EQ(::write(STDOUT_FILENO, "out", 3), 3);
      EXPECT_EQ(::write(STDERR_FILENO, "err", 3), 3);
    }));
    EXPECT_EQ(testing::internal::GetCapturedStdout(), discard ? "" : "out");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), discard ? "" : "err");
  }
}

} // namespace
} // namespace tsir
