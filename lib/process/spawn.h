// Starts other programs.
#pragma once

#include <array>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tsir {

// "cannot start WHAT: the reason", as Error(check).
[[noreturn]] void throw_spawn_error(const std::string& what, int error_number);

// A pipe, which no program inherits as it is. A socket can be written to without a SIGPIPE where nobody reads.
class Pipe {
public:
  enum class Kind { pipe, socket };
  explicit Pipe(Kind kind = Kind::pipe); // Throws Error(check).
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  // -1 once closed or taken.
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read_end() { close(0); }
  void close_write_end() { close(1); }
  // From now on, the caller closes it.
  int take_read_end();
  int take_write_end();

private:
  void close(size_t end);
  std::array<int, 2> ends_ = {-1, -1};
};

// What a new program finds as its standard streams (STDIN_FILENO and so on), and the folder that it starts in. What is
// not named is inherited.
class SpawnActions {
public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  void use(int stream, int fd) { ::posix_spawn_file_actions_adddup2(&actions_, fd, stream); }
  void read_from(int stream, const std::string& file);
  void write_to(int stream, const std::string& file); // replaced, for this user only
  // Files named after it are looked for there.
  void start_in(const std::string& folder);
  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

struct SpawnRequest {
  std::string program; // a path, or a name that is looked for in PATH
  std::vector<std::string> arguments = {};
  std::optional<std::vector<std::string>> environment = {}; // NAME=VALUE; this process's own if absent
  // The process group, 0 for a new one. With a group, signals that this process ignores or blocks act as by default.
  std::optional<pid_t> group = {};
};

// The process's id. Throws Error(check) if the program cannot be started.
pid_t spawn(const SpawnRequest& request, const SpawnActions& actions);

// Until it has ended: its status, as waitpid gives it; 0 where the caller of this process has children reaped by
// themselves.
int wait_for(pid_t process);

} // namespace tsir
