#include "tools/tsir/supervisor.h"

#include "lib/core/error.h"
#include "lib/core/phase.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir::tool {
namespace {

pid_t child = 0;

void forward_signal(int signal) {
  ::kill(child, signal);
}

// std::terminate prints a raw exception; the parent prints our line instead.
[[noreturn]] void on_terminate() {
  if (const auto current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception& error) {
      write_last_words(one_line(error));
    } catch (...) {
      write_last_words("an exception of unknown type");
    }
  }
  std::abort();
}

PhaseBoard* shared_board() {
  void* memory = ::mmap(nullptr, sizeof(PhaseBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) PhaseBoard{};
}

[[noreturn]] void work_in_child(const std::function<int()>& work, PhaseBoard* board, pid_t parent,
                                const sigset_t& signal_mask) {
  ::sigprocmask(SIG_SETMASK, &signal_mask, nullptr);
  // The parent may have been killed before this line: then nobody waits for us.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    std::_Exit(1);
  }
  const rlimit no_core{0, 0}; // a crash is reported; a core file of gigabytes in the user's folder helps nobody
  ::setrlimit(RLIMIT_CORE, &no_core);
  set_phase_board(board);
  std::set_terminate(on_terminate);
  const int code = work();
  std::fflush(nullptr);
  // Without running LibTorch's destructors: they take time, and nothing depends on them.
  std::_Exit(code);
}

bool outran_deadline(const PhaseBoard& board) {
  const int64_t deadline = board.deadline_ns;
  const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
  return deadline != 0 && now.count() > deadline;
}

std::string step(const PhaseBoard* board) {
  return board != nullptr && board->text[0] != '\0' ? std::string(" while ") + board->text : "";
}

int report_death(int signal, const PhaseBoard* board) {
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) {
    return 128 + signal; // the user asked for it
  }
  std::string line = std::string("tsir: error: LibTorch crashed (") + ::strsignal(signal) + ")" + step(board);
  if (signal == SIGKILL) {
    line = "tsir: error: killed" + step(board) + " (out of memory?)";
  } else if (board != nullptr && board->detail[0] != '\0') {
    line += std::string(": ") + board->detail;
  }
  std::fprintf(stderr, "%s\n", line.c_str());
  return static_cast<int>(ErrorKind::crash);
}

} // namespace

int supervise(const std::function<int()>& work) {
  PhaseBoard* board = shared_board();
  sigset_t child_signal;
  sigset_t previous;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_signal, &previous);

  const pid_t parent = ::getpid();
  child = ::fork();
  if (child < 0) {
    return work(); // no process to be had: work unsupervised rather than not at all
  }
  if (child == 0) {
    work_in_child(work, board, parent, previous);
  }
  ::signal(SIGINT, SIG_IGN); // the terminal sends it to the child as well, which ends in its own way
  ::signal(SIGTERM, forward_signal);
  ::signal(SIGHUP, forward_signal);

  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    const timespec tick{0, 100'000'000};
    ::sigtimedwait(&child_signal, nullptr, &tick);
    if (board != nullptr && outran_deadline(*board)) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      std::fprintf(stderr, "tsir: error: gave up%s: it took too long; --time-limit SECONDS allows more\n",
                   step(board).c_str());
      return static_cast<int>(ErrorKind::load);
    }
  }
  return WIFSIGNALED(status) ? report_death(WTERMSIG(status), board) : WEXITSTATUS(status);
}

} // namespace tsir::tool
