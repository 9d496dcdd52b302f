// Runs work in a child process, so that a crash, a hang or an interruption does not end this one.
//
// The parent must not have run operators in several threads before: a fork does not copy OpenMP's threads, and the
// child would wait for them.
#pragma once

#include "lib/base/error.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tsir {

using EnvironmentVariables = std::vector<std::pair<std::string, std::string>>; // name, value

struct WorkerSettings {
  std::chrono::nanoseconds limit{0};     // for the whole work; zero for none
  bool limit_until_event = false;        // the limit is only for the time until the work sends its first event
  bool discard_output = false;           // what the child prints is lost
  bool ignore_interrupt = false;         // the child ignores SIGINT: Ctrl-C is for the parent
  EnvironmentVariables environment = {}; // set in the child only
  size_t stack_bytes = 0;                // of the thread that works; 0 for the child's own stack
  // Called in the parent, about ten times a second while it waits; may be empty.
  std::function<void()> while_waiting = {};
};

// How a child ended that gave neither a value nor an Error.
struct WorkerDeath {
  enum class Kind { crashed, timed_out };
  Kind kind = Kind::crashed;
  int signal = 0;   // crashed: the signal's number; 0 for an exit, or an exception other than Error
  std::string step; // its Phase (lib/process/phase.h) at the end; may be empty
  std::string what; // one line: "Segmentation fault while running pass freeze-module on forward"
};

template <typename T> using WorkerValue = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
// The value that the work gave, or the Error that it threw, or how the child died.
template <typename T> using WorkerResult = std::variant<WorkerValue<T>, Error, WorkerDeath>;

// Returns the value, or throws: the Error of the work, or Error(crash) if the child died.
template <typename Value> Value value_or_throw(std::variant<Value, Error, WorkerDeath> result) {
  if (const auto* error = std::get_if<Error>(&result)) {
    throw Error(*error);
  }
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    throw Error(ErrorKind::crash, death->what);
  }
  return std::get<Value>(std::move(result));
}

using WorkerJson = nlohmann::ordered_json;
template <typename Event> using EventSink = std::function<void(const Event&)>;

// in_worker without its types.
WorkerResult<WorkerJson> run_worker(const WorkerSettings& settings,
                                    const std::function<WorkerJson(const EventSink<WorkerJson>&)>& work,
                                    const EventSink<WorkerJson>& on_event);

// Forks and runs `work` in the child. Each event that the work sends arrives at `on_event` here, while the work goes
// on. The value and the events travel as JSON, through nlohmann's to_json and from_json: bytes that are not UTF-8 are
// replaced, and numbers that are not finite must be sent as text.
// A TimeLimit that the work set and that has passed gives an Error(load), as if the work had thrown it.
// Throws Error(check) if no process can be started. An exception that leaves `on_event` ends the child.
template <typename T, typename Event>
WorkerResult<T> in_worker(const WorkerSettings& settings, const std::function<T(const EventSink<Event>&)>& work,
                          const EventSink<Event>& on_event) {
  const auto in_child = [&work](const EventSink<WorkerJson>& send) {
    const EventSink<Event> send_event = [&send](const Event& event) { send(WorkerJson(event)); };
    if constexpr (std::is_void_v<T>) {
      work(send_event);
      return WorkerJson();
    } else {
      return WorkerJson(work(send_event));
    }
  };
  auto result = run_worker(settings, in_child, [&on_event](const WorkerJson& json) { on_event(json.get<Event>()); });
  if (auto* error = std::get_if<Error>(&result)) {
    return std::move(*error);
  }
  if (auto* death = std::get_if<WorkerDeath>(&result)) {
    return std::move(*death);
  }
  if constexpr (std::is_void_v<T>) {
    return std::monostate();
  } else {
    return WorkerResult<T>(std::in_place_index<0>, std::get<0>(result).template get<T>());
  }
}

// The same for work that sends no events.
template <typename T> WorkerResult<T> in_worker(const WorkerSettings& settings, const std::function<T()>& work) {
  return in_worker<T, bool>(
      settings, [&work](const EventSink<bool>&) { return work(); }, [](bool) {});
}

// One of several works for run_workers, with what in_worker gives and takes.
struct WorkerTask {
  WorkerSettings settings;
  std::function<WorkerJson(const EventSink<WorkerJson>&)> work;
  EventSink<WorkerJson> on_event = {}; // may be empty
  std::function<void(WorkerResult<WorkerJson>)>
      on_end;                          // called in the parent when the child has sent its result or has ended
  std::function<bool()> unwanted = {}; // true ends the child without on_end; may be empty
};

// Runs tasks in children, at most `at_once` at the same time. `next` is called in the parent whenever another child may
// be started; it may have nothing to start now. Returns when no child is left and `next` has nothing. An exception that
// leaves a callback ends all children. Throws Error(check) if no process can be started.
void run_workers(size_t at_once, const std::function<std::optional<WorkerTask>()>& next);

// From now on, what this process writes to standard output and standard error is lost.
void discard_output();

} // namespace tsir
