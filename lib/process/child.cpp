#include "lib/process/child.h"

#include "lib/base/error.h"
#include "lib/process/phase.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int exception_code = 97; // an exit code that says: the exception's text is on the board

// A board of the child's own, so that its steps do not overwrite the parent's.
class SharedBoard {
public:
  SharedBoard() {
    void* memory = ::mmap(nullptr, sizeof(PhaseBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw Error(ErrorKind::check, "no memory to share with a child process");
    }
    board_ = new (memory) PhaseBoard{};
  }
  ~SharedBoard() { ::munmap(board_, sizeof(PhaseBoard)); }
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;
  PhaseBoard* get() const { return board_; }

private:
  PhaseBoard* board_;
};

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return; // the parent is gone: nobody wants the rest
    }
    text.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
  }
}

[[noreturn]] void work_and_exit(const std::function<void(const LineSink&)>& work, PhaseBoard* board, int fd,
                                pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(exception_code);
  }
  set_phase_board(board);
  int code = 0;
  try {
    work([fd](const std::string& line) { write_all(fd, line + "\n"); });
  } catch (const std::exception& error) {
    set_crash_detail(one_line(error));
    code = exception_code;
  }
  ::_exit(code);
}

enum class Reading { complete, out_of_time, step_out_of_time };

bool past_time_limit(const PhaseBoard& board) {
  const int64_t deadline = board.deadline_ns.load();
  return deadline != 0 && std::chrono::nanoseconds(Clock::now().time_since_epoch()).count() > deadline;
}

// Gives complete lines to `on_line` until the child closes its end, or `end` comes, or the TimeLimit of a step of its
// has passed.
Reading read_lines(int fd, const LineSink& on_line, Clock::time_point end, const PhaseBoard& board) {
  std::string pending;
  char buffer[1 << 16];
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) {
      return Reading::out_of_time;
    }
    if (past_time_limit(board)) {
      return Reading::step_out_of_time;
    }
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::min<int64_t>(left, 100))) <= 0) {
      continue;
    }
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return Reading::complete;
    }
    pending.append(buffer, static_cast<size_t>(size));
    for (size_t at = 0; (at = pending.find('\n')) != std::string::npos; pending.erase(0, at + 1)) {
      on_line(pending.substr(0, at));
    }
  }
}

std::string step(const PhaseBoard& board) {
  return board.text[0] != '\0' ? std::string(" while ") + board.text : "";
}

std::string detail(const PhaseBoard& board) {
  return board.detail[0] != '\0' ? std::string(": ") + board.detail : "";
}

ChildEnd end_of(int status, const PhaseBoard& board) {
  if (WIFSIGNALED(status)) {
    return {ChildEnd::Kind::crashed, ::strsignal(WTERMSIG(status)) + step(board) + detail(board)};
  }
  if (WEXITSTATUS(status) == exception_code && board.detail[0] != '\0') {
    return {ChildEnd::Kind::crashed, board.detail};
  }
  if (WEXITSTATUS(status) != 0) {
    return {ChildEnd::Kind::crashed, fmt::format("exit with {}{}", WEXITSTATUS(status), step(board))};
  }
  return {};
}

} // namespace

ChildEnd run_in_child(const std::function<void(const LineSink&)>& work, const LineSink& on_line,
                      std::chrono::nanoseconds limit) {
  const SharedBoard board;
  int ends[2];
  if (::pipe(ends) != 0) {
    throw Error(ErrorKind::check, fmt::format("cannot start a child process: {}", std::strerror(errno)));
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw Error(ErrorKind::check, fmt::format("cannot start a child process: {}", std::strerror(errno)));
  }
  if (child == 0) {
    ::close(ends[0]);
    work_and_exit(work, board.get(), ends[1], parent);
  }
  ::close(ends[1]);
  const auto end = limit.count() > 0 ? Clock::now() + limit : Clock::now() + std::chrono::hours(24 * 365);
  const Reading reading = read_lines(ends[0], on_line, end, *board.get());
  ::close(ends[0]);
  if (reading != Reading::complete) {
    ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (reading == Reading::step_out_of_time) {
    throw Error(ErrorKind::load,
                fmt::format("gave up{}: it took too long; --time-limit SECONDS allows more", step(*board.get())));
  }
  if (reading == Reading::out_of_time) {
    return {ChildEnd::Kind::timed_out, "took longer than it may" + step(*board.get())};
  }
  return end_of(status, *board.get());
}

void discard_output() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
}

} // namespace tsir
