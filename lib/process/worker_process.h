// The parent's side of a worker: one child, from its fork until it has been waited for.
#pragma once

#include "lib/process/worker.h"

#include <memory>

namespace tsir {

class WorkerProcess {
public:
  // Forks. `work` is called in the child. Throws Error(check) if no process can be started.
  WorkerProcess(const WorkerSettings& settings, const std::function<WorkerJson(const EventSink<WorkerJson>&)>& work,
                EventSink<WorkerJson> on_event);
  ~WorkerProcess(); // kills the child if it still runs, and waits for its end
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  // To be polled for step().
  int fd() const;
  // Until the limit passes.
  std::chrono::milliseconds left() const;
  // Reads what has arrived, if `readable`. Returns whether the child has sent its result, has ended, or has passed a
  // limit.
  bool step(bool readable);
  // To be called once, after step() returned true.
  WorkerResult<WorkerJson> result();
  // After result(): whether the process is gone. The system takes milliseconds to free the memory of a child that has
  // sent its result, and result() does not wait for that.
  bool gone();

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace tsir
