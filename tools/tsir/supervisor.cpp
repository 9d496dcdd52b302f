#include "tools/tsir/supervisor.h"

#include "lib/base/error.h"
#include "lib/process/phase.h"
#include "lib/process/recovery.h"
#include "lib/process/worker.h"

#include <algorithm>
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
// Each is nullptr if there is no memory to share.
PhaseBoard* board = nullptr;
RecoveryBoard* recovery = nullptr;

void forward_signal(int signal) {
  ::kill(child, signal);
}

// Ctrl-C comes from the terminal (the kernel), which sends it to the child as well; `kill -INT` comes to this process
// alone.
void forward_interrupt(int signal, siginfo_t* origin, void*) {
  if (origin->si_code <= 0) {
    ::kill(child, signal);
  }
}

// For its lifetime, signals that would end this process go to the child.
class ForwardedSignals {
public:
  ForwardedSignals() {
    struct sigaction interrupt {};
    interrupt.sa_sigaction = forward_interrupt;
    interrupt.sa_flags = SA_SIGINFO;
    ::sigaction(SIGINT, nullptr, &interrupt_before_);
    if (interrupt_before_.sa_handler != SIG_IGN) { // it is ignored for a job in the background
      ::sigaction(SIGINT, &interrupt, nullptr);
    }
    terminate_before_ = ::signal(SIGTERM, forward_signal);
    hangup_before_ = ::signal(SIGHUP, forward_signal);
  }
  ~ForwardedSignals() {
    ::sigaction(SIGINT, &interrupt_before_, nullptr);
    ::signal(SIGTERM, terminate_before_);
    ::signal(SIGHUP, hangup_before_);
  }
  ForwardedSignals(const ForwardedSignals&) = delete;
  ForwardedSignals& operator=(const ForwardedSignals&) = delete;

private:
  struct sigaction interrupt_before_ {};
  sighandler_t terminate_before_ = SIG_DFL;
  sighandler_t hangup_before_ = SIG_DFL;
};

// Instead of the raw exception that std::terminate prints, the parent prints one line.
[[noreturn]] void on_terminate() {
  if (const auto current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception& error) {
      set_crash_detail(one_line(error));
    } catch (...) {
      set_crash_detail("an exception of unknown type");
    }
  }
  std::abort();
}

template <typename Board> Board* shared_board() {
  void* memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) Board{};
}

void become_worker(pid_t parent, const sigset_t& signal_mask) {
  ::sigprocmask(SIG_SETMASK, &signal_mask, nullptr);
  // The parent may have been killed before this line.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(1);
  }
  const rlimit no_core{0, 0}; // a crash is reported; a core file may take gigabytes
  ::setrlimit(RLIMIT_CORE, &no_core);
}

bool past_deadline() {
  const int64_t deadline = board != nullptr ? board->deadline_ns.load() : 0;
  const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
  return deadline != 0 && now.count() > deadline;
}

std::string step() {
  return board != nullptr && board->text[0] != '\0' ? std::string(" while ") + board->text : "";
}

int report_death(int signal) {
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) {
    return 128 + signal; // the user asked for it
  }
  if (recovery != nullptr) {
    recovery->crashed = true;
    std::snprintf(recovery->what, RecoveryBoard::capacity, "%s%s", ::strsignal(signal), step().c_str());
  }
  std::string line = std::string("tsir: error: LibTorch crashed (") + ::strsignal(signal) + ")" + step();
  if (signal == SIGKILL) {
    line = "tsir: error: killed" + step() + " (out of memory?)";
    if (recovery != nullptr) {
      recovery->point = 0; // a second worker would need the same memory
    }
  } else if (board != nullptr && board->detail[0] != '\0') {
    line += std::string(": ") + board->detail;
  }
  std::fprintf(stderr, "%s\n", line.c_str());
  return static_cast<int>(ErrorKind::crash);
}

int wait_for_worker() {
  const ForwardedSignals forwarded;
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);

  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    const timespec tick{0, 100'000'000};
    ::sigtimedwait(&child_signal, nullptr, &tick);
    if (past_deadline()) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      std::fprintf(stderr, "tsir: error: gave up%s: it took too long; --time-limit SECONDS allows more\n",
                   step().c_str());
      return static_cast<int>(ErrorKind::load);
    }
  }
  return WIFSIGNALED(status) ? report_death(WTERMSIG(status)) : WEXITSTATUS(status);
}

// Whether to start a second worker after the first ended with `code`.
bool should_recover(int code) {
  return recovery != nullptr && recovery->point != 0 &&
         (code == static_cast<int>(ErrorKind::pass) || code == static_cast<int>(ErrorKind::crash));
}

// Prepares the boards for the second worker.
void prepare_recovery() {
  recovery->failed_at = recovery->point.exchange(0);
  if (board != nullptr) {
    board->text[0] = '\0';
    board->detail[0] = '\0';
    board->deadline_ns = 0;
  }
}

// The second worker saves what it can; if it fails as well, nothing is printed. Gives 0 in that worker.
pid_t recover(pid_t parent, const sigset_t& signal_mask) {
  prepare_recovery();
  child = ::fork();
  if (child == 0) {
    become_worker(parent, signal_mask);
    discard_output(); // the first worker has printed its error
    ::alarm(600);     // seconds: in case it does not end by itself
    return 0;
  }
  if (child > 0) {
    int status = 0;
    const ForwardedSignals forwarded;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (recovery->report[0] != '\0') {
      std::fprintf(stderr, "tsir: %s\n", recovery->report);
    }
  }
  return child;
}

// LibTorch compiles, prints and frees chains of operators by recursion, and needs 8 MiB for some ten thousand of them.
// The main thread's stack grows up to the limit of the moment; Linux leaves at least 128 MiB free below it.
void allow_deep_recursion() {
  constexpr rlim_t wanted = 100ULL << 20;
  rlimit stack{};
  if (::getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < wanted) {
    stack.rlim_cur = std::min(stack.rlim_max, wanted);
    ::setrlimit(RLIMIT_STACK, &stack);
  }
}

} // namespace

void split_off_worker() {
  board = shared_board<PhaseBoard>();
  recovery = shared_board<RecoveryBoard>();
  ::signal(SIGCHLD, SIG_DFL); // if it is ignored, waitpid cannot tell how a child ended
  sigset_t child_signal;
  sigset_t previous;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_signal, &previous);

  const pid_t parent = ::getpid();
  child = ::fork();
  if (child > 0) {
    const int code = wait_for_worker();
    std::fflush(stderr);
    if (should_recover(code) && recover(parent, previous) == 0) {
      return;
    }
    ::_exit(code);
  }
  if (child == 0) {
    become_worker(parent, previous);
  } else { // fork failed: work without a supervisor
    ::sigprocmask(SIG_SETMASK, &previous, nullptr);
  }
}

void run_supervised(const std::function<int()>& work) {
  set_phase_board(board);
  set_recovery_board(recovery);
  std::set_terminate(on_terminate);
  allow_deep_recursion();
  const int code = work();
  std::fflush(nullptr);
  // Without running LibTorch's destructors: they take time, and nothing depends on them.
  std::_Exit(code);
}

} // namespace tsir::tool
