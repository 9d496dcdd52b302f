#include "lib/process/spawn.h"

#include "lib/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ; // NOLINT: POSIX defines it, but no header declares it

namespace tsir {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words) {
    list.push_back(word.data());
  }
  list.push_back(nullptr);
  return list;
}

class SpawnAttributes {
public:
  SpawnAttributes() { ::posix_spawnattr_init(&attributes_); }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  void join(pid_t group) {
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
      sigaddset(&signals, signal);
    }
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setpgroup(&attributes_, group);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  const posix_spawnattr_t* get() const { return &attributes_; }

private:
  posix_spawnattr_t attributes_{};
};

} // namespace

void throw_spawn_error(const std::string& what, int error_number) {
  throw Error(ErrorKind::check, fmt::format("cannot start {}: {}", what, std::strerror(error_number)));
}

Pipe::Pipe(Kind kind) {
  const int result = kind == Kind::pipe ? ::pipe2(ends_.data(), O_CLOEXEC)
                                        : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data());
  if (result != 0) {
    throw_spawn_error("a process", errno);
  }
}

Pipe::~Pipe() {
  close_read_end();
  close_write_end();
}

void Pipe::close(size_t end) {
  if (const int fd = std::exchange(ends_.at(end), -1); fd >= 0) {
    ::close(fd);
  }
}

int Pipe::take_read_end() {
  return std::exchange(ends_[0], -1);
}

int Pipe::take_write_end() {
  return std::exchange(ends_[1], -1);
}

void SpawnActions::read_from(int stream, const std::string& file) {
  ::posix_spawn_file_actions_addopen(&actions_, stream, file.c_str(), O_RDONLY, 0);
}

void SpawnActions::write_to(int stream, const std::string& file) {
  ::posix_spawn_file_actions_addopen(&actions_, stream, file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

void SpawnActions::start_in(const std::string& folder) {
  ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
}

pid_t spawn(const SpawnRequest& request, const SpawnActions& actions) {
  SpawnAttributes attributes;
  if (request.group) {
    attributes.join(*request.group);
  }
  std::vector<std::string> arguments = request.arguments;
  arguments.insert(arguments.begin(), request.program);
  std::vector<std::string> environment = request.environment.value_or(std::vector<std::string>());
  pid_t child = -1;
  const int error =
      ::posix_spawnp(&child, request.program.c_str(), actions.get(), attributes.get(), pointers_to(arguments).data(),
                     request.environment ? pointers_to(environment).data() : environ);
  if (error != 0) {
    throw_spawn_error(request.program, error);
  }
  return child;
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) {
      return 0;
    }
  }
  return status;
}

} // namespace tsir
