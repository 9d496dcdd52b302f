#include "lib/process/subprocess.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tsir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t longest_line = 16U << 20;

[[noreturn]] void throw_spawn_error(int error) {
  throw Error(ErrorKind::check, fmt::format("cannot start a process: {}", std::strerror(error)));
}

struct Pipe {
  enum class Kind { pipe, socket };
  explicit Pipe(Kind kind) {
    const int result = kind == Kind::pipe ? ::pipe2(ends.data(), O_CLOEXEC)
                                          : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    if (result != 0) {
      throw_spawn_error(errno);
    }
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) {
        ::close(end);
      }
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int read_end() const { return ends[0]; }
  int write_end() const { return ends[1]; }
  int take(size_t end) { return std::exchange(ends[end], -1); }
  std::array<int, 2> ends = {-1, -1};
};

// What becomes of the three standard streams in a new process.
class Streams {
public:
  Streams() { ::posix_spawn_file_actions_init(&actions_); }
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  void from(int target, int fd) { ::posix_spawn_file_actions_adddup2(&actions_, fd, target); }
  void to_file(int target, const std::string& file) {
    ::posix_spawn_file_actions_addopen(&actions_, target, file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

// `group` 0: a new one, of which the process is the leader. This program ignores SIGPIPE and catches Ctrl-C; others
// start with the system's defaults.
pid_t spawn_shell(const std::string& command, const Streams& streams, pid_t group) {
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    sigaddset(&signals, signal);
  }
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  ::posix_spawnattr_setpgroup(&attributes, group);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const std::array<const char*, 4> arguments = {"sh", "-c", command.c_str(), nullptr};
  pid_t child = -1;
  const int error =
      ::posix_spawn(&child, "/bin/sh", streams.get(), &attributes, const_cast<char* const*>(arguments.data()), environ);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    throw_spawn_error(error);
  }
  return child;
}

// Waits for the other end of its standard input to be closed, which the kernel does whatever this process dies of.
pid_t spawn_guard(int lifeline) {
  Streams streams;
  streams.from(STDIN_FILENO, lifeline);
  streams.to_file(STDOUT_FILENO, "/dev/null");
  streams.to_file(STDERR_FILENO, "/dev/null");
  return spawn_shell("read nothing; kill -KILL 0", streams, 0);
}

} // namespace

Subprocess::Subprocess(const std::string& command, const std::string& log) : log_(log) {
  Pipe input(Pipe::Kind::socket); // which can be written to without a SIGPIPE where the reader is gone
  Pipe output(Pipe::Kind::pipe);
  Pipe lifeline(Pipe::Kind::pipe);
  guard_ = spawn_guard(lifeline.read_end());
  Streams streams;
  streams.from(STDIN_FILENO, input.read_end());
  streams.from(STDOUT_FILENO, output.write_end());
  streams.to_file(STDERR_FILENO, log);
  try {
    child_ = spawn_shell(command, streams, guard_);
  } catch (...) {
    ::kill(-guard_, SIGKILL);
    ::waitpid(guard_, nullptr, 0);
    throw;
  }
  input_ = input.take(1);
  output_ = output.take(0);
  lifeline_ = lifeline.take(1);
}

Subprocess::~Subprocess() {
  ::kill(-guard_, SIGKILL);
  for (const pid_t process : {waited_ ? -1 : child_, guard_}) {
    while (process > 0 && ::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  close_input();
  ::close(output_);
  ::close(lifeline_);
}

void Subprocess::close_input() {
  if (input_ >= 0) {
    ::close(std::exchange(input_, -1));
  }
}

void Subprocess::send(const std::string& line) {
  const std::string text = line + "\n";
  std::string_view left = text;
  while (!left.empty() && input_ >= 0) {
    const ssize_t written = ::send(input_, left.data(), left.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EINTR) {
      return;
    }
    left.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
  }
}

Subprocess::Reading Subprocess::read_line(std::string& line, std::chrono::nanoseconds limit,
                                          const std::function<bool()>& stop) {
  const auto end = Clock::now() + limit;
  std::array<char, 1 << 16> buffer{};
  while (true) {
    if (const auto at = pending_.find('\n'); at != std::string::npos) {
      line = pending_.substr(0, at);
      pending_.erase(0, at + 1);
      return Reading::line;
    }
    if (pending_.size() > longest_line) {
      return Reading::too_long;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left < 0) {
      return Reading::out_of_time;
    }
    if (stop && stop()) {
      return Reading::stopped;
    }
    pollfd ready{output_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::min<int64_t>(left + 1, 100))) <= 0) {
      continue;
    }
    const ssize_t size = ::read(output_, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return Reading::ended;
    }
    pending_.append(buffer.data(), static_cast<size_t>(size));
  }
}

bool Subprocess::has_ended(std::chrono::nanoseconds wait) {
  const auto end = Clock::now() + wait;
  while (!waited_) {
    const pid_t ended = ::waitpid(child_, &status_, WNOHANG);
    waited_ = ended == child_;
    if (waited_ || Clock::now() >= end) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return waited_;
}

void Subprocess::finish(std::chrono::nanoseconds grace) {
  close_input();
  has_ended(grace);
}

std::string Subprocess::how_it_ended() {
  if (!has_ended(std::chrono::seconds(1))) {
    return "closed its standard output";
  }
  constexpr int from_shell = 128; // what a shell adds to the signal that ended its command
  const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : from_shell + WTERMSIG(status_);
  if (code > from_shell && code < from_shell + SIGRTMIN) {
    return fmt::format("was ended by {}", ::strsignal(code - from_shell));
  }
  return fmt::format("ended with exit code {}", code);
}

int Subprocess::exit_code() {
  return has_ended(std::chrono::seconds(1)) && WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

std::string Subprocess::last_words() const {
  constexpr std::streamoff tail = 1 << 14;
  std::ifstream file(log_, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : 0;
  file.seekg(std::max<std::streamoff>(size - tail, 0));
  std::string last;
  for (std::string line; std::getline(file, line);) {
    last = line.find_first_not_of(" \t\r") == std::string::npos ? last : line;
  }
  return last.empty() ? "" : one_line(std::string_view(last));
}

} // namespace tsir
