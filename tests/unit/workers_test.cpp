// Several works in child processes at the same time.
#include "lib/process/resources.h"
#include "lib/process/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace tsir {
namespace {

// Numbers that the test and its children share.
class SharedNumbers {
public:
  SharedNumbers()
      : memory_(::mmap(nullptr, sizeof(Numbers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    new (memory_) Numbers{};
  }
  ~SharedNumbers() { ::munmap(memory_, sizeof(Numbers)); }
  SharedNumbers(const SharedNumbers&) = delete;
  SharedNumbers& operator=(const SharedNumbers&) = delete;
  std::atomic<int>& operator[](size_t i) const { return (*static_cast<Numbers*>(memory_)).at(i); }

private:
  using Numbers = std::array<std::atomic<int>, 4>;
  void* memory_;
};

// Gives the tasks, one after the other.
std::function<std::optional<WorkerTask>()> tasks_of(std::vector<WorkerTask> tasks) {
  return [tasks = std::move(tasks), next = size_t{0}]() mutable {
    return next < tasks.size() ? std::optional(tasks[next++]) : std::nullopt;
  };
}

void sleep_for_minutes() {
  std::this_thread::sleep_for(std::chrono::minutes(5));
}

// Each child waits until all are there, which they never are if there is room for fewer.
size_t ended_in_time(size_t children, size_t at_once) {
  const SharedNumbers numbers;
  size_t good = 0;
  std::vector<WorkerTask> tasks;
  for (size_t i = 0; i < children; ++i) {
    WorkerTask task;
    task.settings.limit = std::chrono::seconds(at_once < children ? 1 : 60);
    task.work = [&](const EventSink<WorkerJson>&) -> WorkerJson {
      ++numbers[0];
      while (numbers[0] < static_cast<int>(children)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      return nullptr;
    };
    task.on_end = [&](const WorkerResult<WorkerJson>& result) {
      good += std::holds_alternative<WorkerDeath>(result) ? 0U : 1U;
    };
    tasks.push_back(std::move(task));
  }
  run_workers(at_once, tasks_of(std::move(tasks)));
  return good;
}

TEST(Workers, RunAtTheSameTimeAsFarAsAskedFor) {
  EXPECT_EQ(ended_in_time(3, 3), 3U);
  EXPECT_EQ(ended_in_time(2, 1), 1U); // the second finds the mark of the first
}

TEST(Workers, BeginInOrderAndEndAsTheyDo) {
  std::vector<std::string> seen;
  std::vector<WorkerTask> tasks;
  for (const int milliseconds : {600, 0}) {
    WorkerTask task;
    task.work = [milliseconds](const EventSink<WorkerJson>& send) {
      send("began");
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      return WorkerJson(::getpid());
    };
    task.on_event = [&seen, milliseconds](const WorkerJson& event) {
      seen.push_back(event.get<std::string>() + " " + std::to_string(milliseconds));
    };
    task.on_end = [&seen, milliseconds](const WorkerResult<WorkerJson>& result) {
      EXPECT_NE(std::get<0>(result), ::getpid());
      seen.push_back("ended " + std::to_string(milliseconds));
    };
    tasks.push_back(std::move(task));
  }
  run_workers(2, tasks_of(std::move(tasks)));
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen.back(), "ended 600");
}

TEST(Workers, ACrashAndAHangAreSeenBesideTheOthers) {
  std::vector<std::string> ends(3);
  std::vector<WorkerTask> tasks;
  for (size_t i = 0; i < 3; ++i) {
    WorkerTask task;
    task.settings.limit = std::chrono::seconds(i == 1 ? 1 : 60);
    task.work = [i](const EventSink<WorkerJson>&) -> WorkerJson {
      if (i == 0) {
        std::raise(SIGKILL);
      } else if (i == 1) {
        sleep_for_minutes();
      }
      return "fine";
    };
    task.on_end = [&ends, i](const WorkerResult<WorkerJson>& result) {
      const auto* death = std::get_if<WorkerDeath>(&result);
      ends[i] = death != nullptr ? death->what : std::get<0>(result).get<std::string>();
    };
    tasks.push_back(std::move(task));
  }
  run_workers(3, tasks_of(std::move(tasks)));
  EXPECT_EQ(ends[0], "Killed");
  EXPECT_EQ(ends[1], "exceeded its time limit");
  EXPECT_EQ(ends[2], "fine");
}

TEST(Workers, WhatIsNoLongerWantedIsEnded) {
  bool enough = false;
  std::vector<pid_t> children;
  std::vector<WorkerTask> tasks(2);
  for (size_t i = 0; i < 2; ++i) {
    tasks[i].work = [i](const EventSink<WorkerJson>& send) {
      send(::getpid());
      if (i == 1) {
        sleep_for_minutes();
      }
      return WorkerJson();
    };
    tasks[i].on_event = [&](const WorkerJson& pid) { children.push_back(pid); };
    tasks[i].unwanted = [&] { return enough && children.size() == 2; };
  }
  tasks[0].on_end = [&](const auto&) { enough = true; };
  tasks[1].on_end = [&](const auto&) { ADD_FAILURE() << "it was not wanted"; };
  run_workers(2, tasks_of(std::move(tasks)));
  ASSERT_EQ(children.size(), 2U);
  for (const pid_t child : children) {
    EXPECT_EQ(::kill(child, 0), -1);
  }
}

TEST(Workers, AnExceptionOfACallbackLeavesNoChild) {
  std::vector<pid_t> children;
  std::vector<WorkerTask> tasks(2);
  for (WorkerTask& task : tasks) {
    task.work = [](const EventSink<WorkerJson>& send) {
      send(::getpid());
      sleep_for_minutes();
      return WorkerJson();
    };
    task.on_event = [&](const WorkerJson& pid) {
      children.push_back(pid);
      if (children.size() == 2) {
        throw Error(ErrorKind::check, "enough");
      }
    };
    task.on_end = [](const auto&) {};
  }
  EXPECT_THROW(run_workers(2, tasks_of(std::move(tasks))), Error);
  ASSERT_EQ(children.size(), 2U);
  for (const pid_t child : children) {
    EXPECT_EQ(::kill(child, 0), -1);
  }
}

TEST(Workers, ALimitMayBeForTheTimeUntilAnEvent) {
  const auto run = [](bool sends) {
    return run_worker(
        {.limit = std::chrono::milliseconds(500), .limit_until_event = true},
        [sends](const EventSink<WorkerJson>& send) -> WorkerJson {
          if (sends) {
            send("ready");
          }
          std::this_thread::sleep_for(std::chrono::milliseconds(1500));
          return "worked";
        },
        [](const WorkerJson&) {});
  };
  EXPECT_EQ(value_or_throw(run(true)), "worked");
  EXPECT_EQ(std::get<WorkerDeath>(run(false)).kind, WorkerDeath::Kind::timed_out);
}

TEST(Resources, AreThoseOfThisProcess) {
  EXPECT_GE(usable_cores(), 1U);
  EXPECT_GT(available_memory(), uint64_t{1} << 20);
  EXPECT_GT(resident_memory(), uint64_t{1} << 20);
  EXPECT_LT(resident_memory(), uint64_t{1} << 40);
  std::atomic<bool> ends = false;
  const size_t before = running_threads();
  std::thread more([&] {
    while (!ends) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(running_threads(), before + 1);
  ends = true;
  more.join();
}

} // namespace
} // namespace tsir
