// A shell command that this process talks to, line by line, over its standard input and output.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <sys/types.h>

namespace tsir {

class Subprocess {
public:
  enum class Reading { line, ended, out_of_time, stopped, too_long };

  // Starts `/bin/sh -c command` in a process group of its own: Ctrl-C does not reach it, and all that it starts in turn
  // ends with it, and with this process, however that ends. Its standard error replaces what is in the file `log`.
  // Throws Error(check) if it cannot be started.
  Subprocess(const std::string& command, const std::string& log);
  // Kills the whole group, and waits.
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  // The line is lost where the program has closed its input: the next read tells.
  void send(const std::string& line);
  // `stop` (may be empty) is asked ten times a second.
  Reading read_line(std::string& line, std::chrono::nanoseconds limit, const std::function<bool()>& stop);
  // Closes its input, and gives it that long to end by itself.
  void finish(std::chrono::nanoseconds grace);

  // Once it has ended, or a moment after its output has: "ended with exit code 3", "was ended by Segmentation fault",
  // "closed its standard output".
  std::string how_it_ended();
  // 127 where the shell has not found the command, 126 where it could not be run; -1 where it did not end by itself.
  int exit_code();
  // The last line of its standard error that is not empty; "" if there is none.
  std::string last_error_line() const;

private:
  bool has_ended(std::chrono::nanoseconds wait);
  void close_input();

  std::string log_;
  std::string pending_; // read, and not a whole line yet
  int input_ = -1;
  int output_ = -1;
  int lifeline_ = -1; // the guard kills the group when the last copy of this end is closed
  pid_t guard_ = -1;  // the leader of the group
  pid_t child_ = -1;
  bool waited_ = false;
  int status_ = 0;
};

} // namespace tsir
