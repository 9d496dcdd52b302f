#include "lib/process/worker_process.h"

#include "lib/base/setting.h"
#include "lib/process/phase.h"
#include "lib/process/spawn.h"
#include "lib/process/worker_child.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <optional>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir {

using WorkerClock = std::chrono::steady_clock;

// A board of the child's own, so that its steps do not overwrite the parent's.
class SharedBoard {
public:
  SharedBoard() {
    void* memory = ::mmap(nullptr, sizeof(PhaseBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw_spawn_error("a child process", errno);
    }
    board_ = new (memory) PhaseBoard{};
  }
  ~SharedBoard() { ::munmap(board_, sizeof(PhaseBoard)); }
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;
  PhaseBoard* get() const { return board_; }
  std::string step() const { return board_->text; }
  bool past_time_limit() const {
    const int64_t deadline = board_->deadline_ns.load();
    const std::chrono::nanoseconds now = WorkerClock::now().time_since_epoch();
    return deadline != 0 && now.count() > deadline;
  }

private:
  PhaseBoard* board_;
};

// Kills the child if nobody has seen its end, so that an exception in the parent leaves no process behind.
class ForkedChild {
public:
  explicit ForkedChild(pid_t pid) : pid_(pid) {}
  ~ForkedChild() {
    if (pid_ > 0) {
      kill();
      wait();
    }
  }
  ForkedChild(const ForkedChild&) = delete;
  ForkedChild& operator=(const ForkedChild&) = delete;
  void kill() const { ::kill(pid_, SIGKILL); }
  // Its status, as waitpid gives it.
  int wait() { return wait_for(std::exchange(pid_, 0)); }
  bool gone() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = 0;
    }
    return pid_ == 0;
  }

private:
  pid_t pid_;
};

// Collects the messages of the child as they arrive.
class Receiver {
public:
  explicit Receiver(EventSink<WorkerJson> on_event) : on_event_(std::move(on_event)) {}
  void add(std::string_view bytes) {
    pending_.append(bytes);
    size_t start = 0;
    for (size_t end = 0; (end = pending_.find('\n', start)) != std::string::npos; start = end + 1) {
      take(WorkerJson::parse(pending_.begin() + static_cast<ptrdiff_t>(start),
                             pending_.begin() + static_cast<ptrdiff_t>(end)));
    }
    pending_.erase(0, start);
  }
  std::optional<WorkerResult<WorkerJson>> result;
  bool any_event = false;

private:
  void take(WorkerJson json) {
    if (json.contains("event")) {
      any_event = true;
      if (on_event_) {
        on_event_(json["event"]);
      }
    } else if (json.contains("value")) {
      result.emplace(std::in_place_index<0>, std::move(json["value"]));
    } else if (json.contains("error")) {
      result.emplace(Error(static_cast<ErrorKind>(json["kind"].get<int>()), json["error"].get<std::string>()));
    } else {
      result.emplace(WorkerDeath{WorkerDeath::Kind::crashed, 0, "", json["threw"]});
    }
  }
  EventSink<WorkerJson> on_event_;
  std::string pending_; // the beginning of the next line
};

enum class WorkerEnding { none, complete, out_of_time, step_out_of_time };

struct WorkerProcess::State {
  State(const WorkerSettings& settings, EventSink<WorkerJson> on_event)
      : receiver(std::move(on_event)),
        end(WorkerClock::now() + (settings.limit.count() > 0 ? settings.limit : std::chrono::hours(24 * 365))),
        limit_until_event(settings.limit_until_event) {}

  SharedBoard board;
  Pipe pipe;
  Receiver receiver;
  WorkerClock::time_point end;
  bool limit_until_event;
  WorkerEnding ending = WorkerEnding::none;
  std::optional<ForkedChild> child;
};

namespace {

std::string while_doing(const std::string& step) {
  return step.empty() ? "" : " while " + step;
}

WorkerDeath death_of(int status, const PhaseBoard& board) {
  const std::string step = board.text;
  if (!WIFSIGNALED(status)) {
    return {WorkerDeath::Kind::crashed, 0, step, fmt::format("exit with {}{}", WEXITSTATUS(status), while_doing(step))};
  }
  const int signal = WTERMSIG(status);
  const std::string detail = board.detail[0] != '\0' ? std::string(": ") + board.detail : "";
  return {WorkerDeath::Kind::crashed, signal, step, ::strsignal(signal) + while_doing(step) + detail};
}

// Whether the child may send more.
bool read_some(int fd, Receiver& receiver) {
  std::array<char, 1 << 16> buffer{};
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) {
    receiver.add({buffer.data(), static_cast<size_t>(size)});
  }
  return size > 0 || (size < 0 && errno == EINTR);
}

} // namespace

WorkerProcess::WorkerProcess(const WorkerSettings& settings, const WorkerBody& work, EventSink<WorkerJson> on_event)
    : state_(std::make_unique<State>(settings, std::move(on_event))) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw_spawn_error("a child process", errno);
  }
  if (pid == 0) {
    state_->pipe.close_read_end();
    work_and_exit(settings, work, state_->board.get(), state_->pipe.write_end(), parent);
  }
  state_->child.emplace(pid);
  state_->pipe.close_write_end();
}

WorkerProcess::~WorkerProcess() = default;

int WorkerProcess::fd() const {
  return state_->pipe.read_end();
}

std::chrono::milliseconds WorkerProcess::left() const {
  const bool limited = !state_->limit_until_event || !state_->receiver.any_event;
  return limited ? std::chrono::duration_cast<std::chrono::milliseconds>(state_->end - WorkerClock::now())
                 : std::chrono::hours(1);
}

bool WorkerProcess::step(bool readable) {
  if (readable && (!read_some(fd(), state_->receiver) || state_->receiver.result)) {
    state_->ending = WorkerEnding::complete;
  } else if (left().count() <= 0) {
    state_->ending = WorkerEnding::out_of_time;
  } else if (state_->board.past_time_limit()) {
    state_->ending = WorkerEnding::step_out_of_time;
  }
  return state_->ending != WorkerEnding::none;
}

WorkerResult<WorkerJson> WorkerProcess::result() {
  if (state_->receiver.result) {
    return *std::move(state_->receiver.result);
  }
  if (state_->ending != WorkerEnding::complete) {
    state_->child->kill();
  }
  const int status = state_->child->wait();
  if (state_->ending == WorkerEnding::step_out_of_time) {
    return Error(ErrorKind::load, fmt::format("gave up{}: it took too long; {} SECONDS allows more",
                                              while_doing(state_->board.step()), spelled(Setting::time_limit)));
  }
  if (state_->ending == WorkerEnding::out_of_time) {
    return WorkerDeath{WorkerDeath::Kind::timed_out, 0, state_->board.step(),
                       "exceeded its time limit" + while_doing(state_->board.step())};
  }
  return death_of(status, *state_->board.get());
}

bool WorkerProcess::gone() {
  return state_->child->gone();
}

} // namespace tsir
