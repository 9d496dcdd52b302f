// A shell command with which this process exchanges lines over its standard input and output.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <sys/types.h>

namespace tsir {

class Subprocess {
public:
  enum class Reading { line, ended, out_of_time, stopped, too_long };

  // Starts `/bin/sh -c command` in a process group of its own, which Ctrl-C does not reach. The whole group is killed
  // with this object, and when this process ends in any way. Its standard error replaces the content of the file `log`.
  // Throws Error(check) if it cannot be started.
  Subprocess(const std::string& command, const std::string& log);
  // Kills the whole group and waits for it.
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  // The line is lost if the program has closed its input; the next read reports that it ended.
  void send(const std::string& line);
  // `stop` (may be empty) is called ten times a second; reading ends when it gives true.
  Reading read_line(std::string& line, std::chrono::nanoseconds limit, const std::function<bool()>& stop);
  // Closes its input and waits at most that long for its end.
  void finish(std::chrono::nanoseconds grace);

  // To be called once its output has ended; waits up to a second for the process. "ended with exit code 3", "was ended
  // by Segmentation fault", "closed its standard output".
  std::string how_it_ended();
  // 127 if the shell did not find the command, 126 if it could not be run; -1 if it did not end by itself.
  int exit_code();
  // The last line of its standard error that is not empty; "" if there is none.
  std::string last_error_line() const;

private:
  bool has_ended(std::chrono::nanoseconds wait);
  void close_input();

  std::string log_;
  std::string pending_; // the beginning of the next line
  int input_ = -1;
  int output_ = -1;
  int lifeline_ = -1; // the guard kills the group when the last copy of this end is closed
  pid_t guard_ = -1;  // the leader of the group
  pid_t child_ = -1;
  bool waited_ = false;
  int status_ = 0;
};

} // namespace tsir
