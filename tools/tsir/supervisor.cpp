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
PhaseBoard* board = nullptr; // nullptr where there is no memory to share

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

void forward_signals() {
  struct sigaction interrupt {};
  interrupt.sa_sigaction = forward_interrupt;
  interrupt.sa_flags = SA_SIGINFO;
  struct sigaction before {};
  ::sigaction(SIGINT, nullptr, &before);
  if (before.sa_handler != SIG_IGN) { // as for a job in the background
    ::sigaction(SIGINT, &interrupt, nullptr);
  }
  ::signal(SIGTERM, forward_signal);
  ::signal(SIGHUP, forward_signal);
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

void become_worker(pid_t parent, const sigset_t& signal_mask) {
  ::sigprocmask(SIG_SETMASK, &signal_mask, nullptr);
  // The parent may have been killed before this line: then nobody waits for us.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(1);
  }
  const rlimit no_core{0, 0}; // a crash is reported; a core file of gigabytes in the user's folder helps nobody
  ::setrlimit(RLIMIT_CORE, &no_core);
}

bool outran_deadline() {
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
  std::string line = std::string("tsir: error: LibTorch crashed (") + ::strsignal(signal) + ")" + step();
  if (signal == SIGKILL) {
    line = "tsir: error: killed" + step() + " (out of memory?)";
  } else if (board != nullptr && board->detail[0] != '\0') {
    line += std::string(": ") + board->detail;
  }
  std::fprintf(stderr, "%s\n", line.c_str());
  return static_cast<int>(ErrorKind::crash);
}

int wait_for_worker() {
  forward_signals();
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);

  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    const timespec tick{0, 100'000'000};
    ::sigtimedwait(&child_signal, nullptr, &tick);
    if (outran_deadline()) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      std::fprintf(stderr, "tsir: error: gave up%s: it took too long; --time-limit SECONDS allows more\n",
                   step().c_str());
      return static_cast<int>(ErrorKind::load);
    }
  }
  return WIFSIGNALED(status) ? report_death(WTERMSIG(status)) : WEXITSTATUS(status);
}

// Runs before LibTorch is initialised (see below): only the C library may be used on the child's way out of here.
void split_off_worker() {
  board = shared_board();
  ::signal(SIGCHLD, SIG_DFL); // where the caller ignored it, nobody could learn how a child ended
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
    ::_exit(code);
  }
  if (child == 0) {
    become_worker(parent, previous);
  } else { // no process to be had: work unsupervised rather than not at all
    ::sigprocmask(SIG_SETMASK, &previous, nullptr);
  }
}

// The loader calls this before the constructors of any shared library. A fork after LibTorch's start-up would have to
// copy every page that its constructors wrote to: 20 ms of the 260 that `tsir --version` took.
[[gnu::section(".preinit_array"), gnu::used]] void (*const split_off_first)() = split_off_worker;

} // namespace

void run_supervised(const std::function<int()>& work) {
  set_phase_board(board);
  std::set_terminate(on_terminate);
  const int code = work();
  std::fflush(nullptr);
  // Without running LibTorch's destructors: they take time, and nothing depends on them.
  std::_Exit(code);
}

} // namespace tsir::tool
