// The start of a sweep: a unit before any pass, which is opened once and observed once for all passes.
//
// A process opens it with one thread, and forks a child for each run: the children share its memory, and each begins
// with the unit as it was opened, whatever the others did to theirs. Nothing runs in the process itself.
#pragma once

#include "lib/process/worker.h"
#include "lib/verify/observer.h"

namespace tsir {

struct SweepSettings {
  // Makes the target: opens files, makes inputs. Does not set the number of threads.
  std::function<VerifyTarget()> target;
  int threads = 0;    // within an operator, in the children; 0: LibTorch's choice
  bool shared = true; // false: each child calls `target` itself, as it must if a fork does not copy the device's state
  size_t at_once = 1; // children at the same time; 0: as many as the cores and the memory allow
  std::chrono::nanoseconds limit{0};     // for opening and for each child; zero for none
  bool ignore_interrupt = false;         // in the children
  EnvironmentVariables environment = {}; // of the children
};

class SweepStart {
public:
  // Opens the unit if it is to be shared. What LibTorch runs meanwhile, the start passes for example, has one thread.
  explicit SweepStart(SweepSettings settings);
  ~SweepStart();
  SweepStart(const SweepStart&) = delete;
  SweepStart& operator=(const SweepStart&) = delete;

  // False if opening the unit has started threads, which a fork does not copy: then it cannot be shared.
  bool can_fork() const;
  // Runs the unit in a child and keeps what was seen. Throws the Error that the child threw, Error(check) if a call
  // throws or takes too long, or Error(crash) if the child died.
  void observe();

  struct Opened {
    VerifyTarget target; // with what observe() has seen
    Unit unit;
    std::optional<uint64_t> hash = std::nullopt; // canonical_hash() of the unit, if children share it
    RunSettings run_settings() const;
  };
  // To be called in a child, which may change the unit.
  Opened enter() const;

  const SweepSettings& settings() const { return settings_; }
  WorkerSettings worker() const; // for children
  // The settings' at_once, or the number of children that the cores and the memory allow.
  size_t at_once() const;
  double open_seconds() const { return open_seconds_; }
  double observe_seconds() const { return observe_seconds_; }

private:
  struct State;
  SweepSettings settings_;
  std::unique_ptr<State> state_;
  double open_seconds_ = 0;
  double observe_seconds_ = 0;
};

// Calls `work` with the start in a child process, in which it may fork. The events that it sends arrive at `on_event`
// here. If the unit cannot be shared, each of the children opens it. Throws what `work` threw, and Error if the unit
// cannot be opened.
WorkerJson with_start(const SweepSettings& settings,
                      const std::function<WorkerJson(SweepStart&, const EventSink<WorkerJson>&)>& work,
                      const EventSink<WorkerJson>& on_event);

} // namespace tsir
