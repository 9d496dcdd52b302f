#include "lib/process/program.h"

#include "lib/process/spawn.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir {
namespace {

using ProgramClock = std::chrono::steady_clock;

// Text in an anonymous file. A pipe would have to be written while the output is read.
class TextFile {
public:
  TextFile(const std::string& program, std::string_view text) : fd_(::memfd_create("tsir-input", MFD_CLOEXEC)) {
    while (fd_ >= 0 && !text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno != EINTR) {
        const int error = errno;
        ::close(fd_);
        throw_spawn_error(program, error);
      }
      text.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
    }
    if (fd_ < 0) {
      throw_spawn_error(program, errno);
    }
    ::lseek(fd_, 0, SEEK_SET);
  }
  ~TextFile() { ::close(fd_); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  int fd() const { return fd_; }

private:
  int fd_;
};

pid_t start(const ProgramRun& run, const Pipe& output, const Pipe& errors) {
  SpawnActions actions;
  if (!run.folder.empty()) {
    actions.start_in(run.folder);
  }
  std::optional<TextFile> text;
  if (run.input_text) {
    text.emplace(run.program, *run.input_text);
    actions.use(STDIN_FILENO, text->fd());
  } else {
    actions.read_from(STDIN_FILENO, run.input);
  }
  if (run.drops_output) {
    actions.write_to(STDOUT_FILENO, "/dev/null");
  } else {
    actions.use(STDOUT_FILENO, output.write_end());
  }
  actions.use(STDERR_FILENO, run.errors_to_output ? output.write_end() : errors.write_end());
  return spawn({.program = run.program, .arguments = run.arguments, .environment = run.environment}, actions);
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

// Reads both streams to their ends. Returns false if `deadline` came first.
bool read_both(Pipe& output, Pipe& errors, ProgramClock::time_point deadline, ProgramEnd& end) {
  while (output.read_end() >= 0 || errors.read_end() >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - ProgramClock::now()).count();
    if (left <= 0) {
      return false;
    }
    std::array<pollfd, 2> streams{pollfd{output.read_end(), POLLIN, 0}, pollfd{errors.read_end(), POLLIN, 0}};
    if (::poll(streams.data(), streams.size(), static_cast<int>(std::min<int64_t>(left, 1'000'000))) <= 0) {
      continue;
    }
    if (streams[0].revents != 0 && !read_some(output.read_end(), end.output)) {
      output.close_read_end();
    }
    if (streams[1].revents != 0 && !read_some(errors.read_end(), end.errors)) {
      errors.close_read_end();
    }
  }
  return true;
}

} // namespace

ProgramEnd run_program(const ProgramRun& run) {
  Pipe output;
  Pipe errors;
  const pid_t child = start(run, output, errors);
  output.close_write_end();
  errors.close_write_end();
  const auto limit = run.limit.count() > 0 ? run.limit : std::chrono::hours(24 * 365);
  ProgramEnd end;
  end.timed_out = !read_both(output, errors, ProgramClock::now() + limit, end);
  if (end.timed_out) {
    ::kill(child, SIGKILL);
  }
  const int status = wait_for(child);
  constexpr int from_signal = 128; // as a shell reports it
  end.exit_code = WIFSIGNALED(status) ? from_signal + WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

} // namespace tsir
