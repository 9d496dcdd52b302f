#include "lib/process/subprocess.h"

#include "lib/base/error.h"
#include "lib/process/spawn.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tsir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t longest_line = 16U << 20;

pid_t spawn_shell(const std::string& command, const SpawnActions& actions, pid_t group) {
  return spawn({.program = "/bin/sh", .arguments = {"-c", command}, .group = group}, actions);
}

// Kills its group when the other end of its standard input is closed, which the kernel does however this process ends.
pid_t spawn_guard(int lifeline) {
  SpawnActions actions;
  actions.use(STDIN_FILENO, lifeline);
  actions.write_to(STDOUT_FILENO, "/dev/null");
  actions.write_to(STDERR_FILENO, "/dev/null");
  return spawn_shell("read nothing; kill -KILL 0", actions, 0);
}

} // namespace

Subprocess::Subprocess(const std::string& command, const std::string& log) : log_(log) {
  Pipe input(Pipe::Kind::socket);
  Pipe output;
  Pipe lifeline;
  guard_ = spawn_guard(lifeline.read_end());
  SpawnActions actions;
  actions.use(STDIN_FILENO, input.read_end());
  actions.use(STDOUT_FILENO, output.write_end());
  actions.write_to(STDERR_FILENO, log);
  try {
    child_ = spawn_shell(command, actions, guard_);
  } catch (...) {
    ::kill(-guard_, SIGKILL);
    wait_for(guard_);
    throw;
  }
  input_ = input.take_write_end();
  output_ = output.take_read_end();
  lifeline_ = lifeline.take_write_end();
}

Subprocess::~Subprocess() {
  ::kill(-guard_, SIGKILL);
  if (!waited_) {
    wait_for(child_);
  }
  wait_for(guard_);
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

std::string Subprocess::last_error_line() const {
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
