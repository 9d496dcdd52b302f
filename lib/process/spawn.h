// Starts other programs.
#pragma once

#include <array>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tsir {

// Throws Error(check): "cannot start WHAT: the reason".
[[noreturn]] void throw_spawn_error(const std::string& what, int error_number);

// A pipe whose ends are closed in new programs. Writing to a socket does not raise SIGPIPE if nobody reads.
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

// Sets the standard streams of a new program (STDIN_FILENO and so on) and the folder in which it starts. It inherits
// the others.
class SpawnActions {
public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  void use(int stream, int fd) { ::posix_spawn_file_actions_adddup2(&actions_, fd, stream); }
  void read_from(int stream, const std::string& file);
  void write_to(int stream, const std::string& file); // replaces the file; only this user can read it
  // Relative paths in later calls refer to this folder.
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

// Waits until the process has ended. Returns its status as waitpid does; 0 if the process was reaped already, as when
// this process ignores SIGCHLD.
int wait_for(pid_t process);

} // namespace tsir
