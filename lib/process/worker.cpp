#include "lib/process/worker.h"

#include "lib/process/worker_process.h"

#include <algorithm>
#include <memory>
#include <poll.h>

namespace tsir {
namespace {

struct RunningWorker {
  explicit RunningWorker(WorkerTask given) : task(std::move(given)), process(task.settings, task.work, task.on_event) {}
  WorkerTask task;
  WorkerProcess process;
};

using RunningWorkers = std::vector<std::unique_ptr<RunningWorker>>;

// Waits until one of them has something to read, or a limit may have passed: a tenth of a second at most.
std::vector<pollfd> wait_for_any(const RunningWorkers& running) {
  std::vector<pollfd> ready;
  std::chrono::milliseconds wait(100);
  for (const auto& worker : running) {
    if (worker->task.settings.while_waiting) {
      worker->task.settings.while_waiting();
    }
    ready.push_back({worker->process.fd(), POLLIN, 0});
    wait = std::clamp(worker->process.left(), std::chrono::milliseconds(0), wait);
  }
  if (::poll(ready.data(), ready.size(), static_cast<int>(wait.count())) <= 0) {
    for (pollfd& one : ready) {
      one.revents = 0;
    }
  }
  return ready;
}

// Takes out and reports those that have ended. Those whose process still has to go are moved to `leaving`.
void step_all(RunningWorkers& running, RunningWorkers& leaving) {
  const std::vector<pollfd> ready = wait_for_any(running);
  RunningWorkers ended;
  for (size_t i = 0; i < ready.size(); ++i) {
    if (running[i]->process.step(ready[i].revents != 0)) {
      ended.push_back(std::move(running[i]));
    }
  }
  std::erase(running, nullptr);
  for (auto& worker : ended) {
    worker->task.on_end(worker->process.result());
    leaving.push_back(std::move(worker));
  }
  std::erase_if(leaving, [](const auto& worker) { return worker->process.gone(); });
  std::erase_if(running, [](const auto& worker) { return worker->task.unwanted && worker->task.unwanted(); });
}

} // namespace

void run_workers(size_t at_once, const std::function<std::optional<WorkerTask>()>& next) {
  RunningWorkers running;
  RunningWorkers leaving;
  while (true) {
    while (running.size() < at_once) {
      std::optional<WorkerTask> task = next();
      if (!task) {
        break;
      }
      running.push_back(std::make_unique<RunningWorker>(*std::move(task)));
    }
    if (running.empty()) {
      return;
    }
    step_all(running, leaving);
  }
}

WorkerResult<WorkerJson> run_worker(const WorkerSettings& settings,
                                    const std::function<WorkerJson(const EventSink<WorkerJson>&)>& work,
                                    const EventSink<WorkerJson>& on_event) {
  std::optional<WorkerResult<WorkerJson>> ended;
  bool begun = false;
  run_workers(1, [&]() -> std::optional<WorkerTask> {
    if (std::exchange(begun, true)) {
      return std::nullopt;
    }
    return WorkerTask{.settings = settings, .work = work, .on_event = on_event, .on_end = [&](auto result) {
                        ended.emplace(std::move(result));
                      }};
  });
  return *std::move(ended);
}

} // namespace tsir
