// Starts tsir commands for other programs, each in a child process of this one.
#pragma once

#include "tests/many/message.h"

#include <csignal>
#include <list>
#include <sys/types.h>

namespace tsir::many {

// What it understands from a connection (message.h):
//   {"words": ["…/tsir", "dump", "m.pt"], "state": …, "environment": …, "ignored signals": …} with four files, which
//   are the command's standard input, output and errors, and its folder. With "state" (state.h), the command is run
//   only if this process was started in the same state; otherwise the answer is {"refused": …}, a JSON patch.
//   {"signal": 2}: for the command that is running.
// A connection is for one command. The answer is {"code": 0} when it has ended; minus the signal's number if a signal
// ended it. If the other side closes the connection, the command is killed.
class Server {
public:
  // Makes the socket, whose file must not exist yet. Throws std::runtime_error.
  explicit Server(const std::string& path);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Returns when standard input is closed; commands that are then running are killed. In a child process, runs the
  // command and does not return.
  void serve();

private:
  struct Connection {
    Descriptor socket;
    pid_t child = 0; // 0 before its command
  };

  void accept_connection();
  void read_from(Connection& connection);
  void start(Connection& connection, Message command);
  void answer_ended();

  std::string path_;
  nlohmann::json state_;
  sigset_t signal_mask_{};
  Descriptor listening_;
  Descriptor ended_;
  std::list<Connection> connections_;
};

} // namespace tsir::many
