#include "lib/checks/program.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void cannot_run(const std::string& program, int error) {
  throw Error(ErrorKind::check, fmt::format("cannot run {}: {}", program, std::strerror(error)));
}

class Pipe {
public:
  explicit Pipe(const std::string& program) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      cannot_run(program, errno);
    }
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int end(size_t which) const { return ends_[which]; }
  void close(size_t which) {
    if (ends_[which] >= 0) {
      ::close(ends_[which]);
      ends_[which] = -1;
    }
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words) {
    list.push_back(word.data());
  }
  list.push_back(nullptr);
  return list;
}

pid_t start(const ProgramRun& run, const Pipe& output, const Pipe& errors) {
  std::vector<std::string> words = run.arguments;
  words.insert(words.begin(), run.program);
  std::vector<std::string> environment = run.environment;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, run.folder.c_str());
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, run.input.c_str(), O_RDONLY, 0);
  if (run.drops_output) {
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  } else {
    ::posix_spawn_file_actions_adddup2(&actions, output.end(1), STDOUT_FILENO);
  }
  ::posix_spawn_file_actions_adddup2(&actions, run.errors_to_output ? output.end(1) : errors.end(1), STDERR_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, run.program.c_str(), &actions, nullptr, pointers(words).data(),
                                  pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    cannot_run(run.program, error);
  }
  return child;
}

// False at the end of the stream.
bool read_some(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

// Both streams to their ends. False where `deadline` came first.
bool read_both(Pipe& output, Pipe& errors, Clock::time_point deadline, ProgramEnd& end) {
  while (output.end(0) >= 0 || errors.end(0) >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      return false;
    }
    std::array<pollfd, 2> streams{pollfd{output.end(0), POLLIN, 0}, pollfd{errors.end(0), POLLIN, 0}};
    if (::poll(streams.data(), streams.size(), static_cast<int>(std::min<int64_t>(left, 1'000'000))) <= 0) {
      continue;
    }
    if (streams[0].revents != 0 && !read_some(output.end(0), end.output)) {
      output.close(0);
    }
    if (streams[1].revents != 0 && !read_some(errors.end(0), end.errors)) {
      errors.close(0);
    }
  }
  return true;
}

} // namespace

ProgramEnd run_program(const ProgramRun& run) {
  Pipe output(run.program);
  Pipe errors(run.program);
  const pid_t child = start(run, output, errors);
  output.close(1);
  errors.close(1);
  ProgramEnd end;
  end.timed_out = !read_both(output, errors, Clock::now() + run.limit, end);
  if (end.timed_out) {
    ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

} // namespace tsir
