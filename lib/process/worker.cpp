#include "lib/process/worker.h"

#include "lib/base/setting.h"
#include "lib/process/phase.h"
#include "lib/process/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir {
namespace {

using WorkerClock = std::chrono::steady_clock;
using WorkerBody = std::function<WorkerJson(const EventSink<WorkerJson>&)>;

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
    return deadline != 0 && std::chrono::nanoseconds(WorkerClock::now().time_since_epoch()).count() > deadline;
  }

private:
  PhaseBoard* board_;
};

// Kills the child if nobody has waited for it, so that an exception in the parent leaves no process behind.
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

private:
  pid_t pid_;
};

// The child's end of the pipe: one JSON object a line.
class Sender {
public:
  explicit Sender(int fd) : fd_(fd) {}
  void send(const WorkerJson& json) const {
    const std::string text = json.dump(-1, ' ', false, WorkerJson::error_handler_t::replace) + "\n";
    for (std::string_view left = text; !left.empty();) {
      const ssize_t written = ::write(fd_, left.data(), left.size());
      if (written < 0 && errno != EINTR) {
        return; // the parent has ended
      }
      left.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
    }
  }

private:
  int fd_;
};

void apply(const WorkerSettings& settings) {
  if (settings.ignore_interrupt) {
    std::signal(SIGINT, SIG_IGN);
  }
  if (settings.discard_output) {
    discard_output();
  }
  for (const auto& [name, value] : settings.environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

void* call_body(void* body) {
  (*static_cast<const std::function<void()>*>(body))();
  return nullptr;
}

// Runs `body`, which must not throw, in a thread with a stack of that size; in this thread if that is 0, or if there is
// no memory for it.
void run_on_stack(size_t bytes, const std::function<void()>& body) {
  pthread_attr_t attributes;
  pthread_t thread{};
  if (bytes == 0 || ::pthread_attr_init(&attributes) != 0) {
    body();
    return;
  }
  const bool started =
      ::pthread_attr_setstacksize(&attributes, bytes) == 0 &&
      ::pthread_create(&thread, &attributes, call_body, const_cast<std::function<void()>*>(&body)) == 0;
  ::pthread_attr_destroy(&attributes);
  started ? static_cast<void>(::pthread_join(thread, nullptr)) : body();
}

[[noreturn]] void work_and_exit(const WorkerSettings& settings, const WorkerBody& work, PhaseBoard* board, int fd,
                                pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) { // it died before the line above
    ::_exit(1);
  }
  set_phase_board(board);
  apply(settings);
  const Sender sender(fd);
  run_on_stack(settings.stack_bytes, [&] {
    try {
      sender.send({{"value", work([&](const WorkerJson& event) { sender.send({{"event", event}}); })}});
    } catch (const Error& error) {
      sender.send({{"error", error.what()}, {"kind", static_cast<int>(error.kind())}});
    } catch (const std::exception& error) {
      sender.send({{"threw", one_line(error)}});
    }
  });
  ::_exit(0); // without running destructors of the parent's objects
}

// Collects the messages of the child as they arrive.
class Receiver {
public:
  explicit Receiver(const EventSink<WorkerJson>& on_event) : on_event_(on_event) {}
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

private:
  void take(WorkerJson json) {
    if (json.contains("event")) {
      on_event_(json["event"]);
    } else if (json.contains("value")) {
      result.emplace(std::in_place_index<0>, std::move(json["value"]));
    } else if (json.contains("error")) {
      result.emplace(Error(static_cast<ErrorKind>(json["kind"].get<int>()), json["error"].get<std::string>()));
    } else {
      result.emplace(WorkerDeath{WorkerDeath::Kind::crashed, 0, "", json["threw"]});
    }
  }
  const EventSink<WorkerJson>& on_event_;
  std::string pending_; // the beginning of the next line
};

enum class WorkerReading { complete, out_of_time, step_out_of_time };

// Reads until the child closes its end, or `end` is reached, or a TimeLimit of the child has passed.
WorkerReading read_all(int fd, Receiver& receiver, WorkerClock::time_point end, const SharedBoard& board,
                       const std::function<void()>& while_waiting) {
  std::array<char, 1 << 16> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - WorkerClock::now()).count();
    if (left <= 0) {
      return WorkerReading::out_of_time;
    }
    if (board.past_time_limit()) {
      return WorkerReading::step_out_of_time;
    }
    if (while_waiting) {
      while_waiting();
    }
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::min<int64_t>(left, 100))) <= 0) {
      continue;
    }
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return WorkerReading::complete;
    }
    receiver.add({buffer.data(), static_cast<size_t>(size)});
  }
}

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

} // namespace

WorkerResult<WorkerJson> run_worker(const WorkerSettings& settings, const WorkerBody& work,
                                    const EventSink<WorkerJson>& on_event) {
  const SharedBoard board;
  Pipe pipe;
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw_spawn_error("a child process", errno);
  }
  if (pid == 0) {
    pipe.close_read_end();
    work_and_exit(settings, work, board.get(), pipe.write_end(), parent);
  }
  ForkedChild child(pid);
  pipe.close_write_end();
  const auto limit = settings.limit.count() > 0 ? settings.limit : std::chrono::hours(24 * 365);
  Receiver receiver(on_event);
  const WorkerReading reading =
      read_all(pipe.read_end(), receiver, WorkerClock::now() + limit, board, settings.while_waiting);
  if (reading != WorkerReading::complete) {
    child.kill();
  }
  const int status = child.wait();
  if (reading == WorkerReading::step_out_of_time) {
    return Error(ErrorKind::load, fmt::format("gave up{}: it took too long; {} SECONDS allows more",
                                              while_doing(board.step()), spelled(Setting::time_limit)));
  }
  if (reading == WorkerReading::out_of_time) {
    return WorkerDeath{WorkerDeath::Kind::timed_out, 0, board.step(),
                       "exceeded its time limit" + while_doing(board.step())};
  }
  if (WIFSIGNALED(status) || !receiver.result) {
    return death_of(status, *board.get());
  }
  return *std::move(receiver.result);
}

void discard_output() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
}

} // namespace tsir
