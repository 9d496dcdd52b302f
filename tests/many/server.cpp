#include "tests/many/server.h"

#include "tests/many/state.h"
#include "tools/tsir/app.h"
#include "tools/tsir/program_path.h"
#include "tools/tsir/supervisor.h"

#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tsir::many {
namespace {

constexpr size_t files_of_command = 4; // standard input, output and errors, and the folder

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(std::string("cannot ") + what + ": " + std::strerror(errno));
  }
}

[[noreturn]] void run(const Message& command, const sigset_t& signal_mask) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::sigprocmask(SIG_SETMASK, &signal_mask, nullptr);
  require(::fchdir(command.files.at(3).number()) == 0, "enter the folder");
  for (int number = 0; number < 3; ++number) {
    require(::dup2(command.files[static_cast<size_t>(number)].number(), number) >= 0, "take over a file");
  }
  ::close_range(3, ~0U, 0);
  ignore_signals(command.contents.value("ignored signals", nlohmann::json::array()));
  set_environment(command.contents.value("environment", nlohmann::json::object()));
  std::vector<std::string> words = command.contents.at("words");
  tool::set_program_path(words.at(0));
  tool::split_off_worker();
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  tool::run_supervised([&] { return tool::run_tool(static_cast<int>(words.size()), pointers.data()); });
}

} // namespace

Server::Server(const std::string& path) : path_(path), state_(inherited_state()) {
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &ended, &signal_mask_);
  ended_ = Descriptor(::signalfd(-1, &ended, SFD_CLOEXEC));
  listening_ = Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  require(::bind(listening_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0,
          "make the socket");
  require(::listen(listening_.number(), SOMAXCONN) == 0, "listen");
}

Server::~Server() {
  for (const Connection& connection : connections_) {
    if (connection.child > 0) {
      ::kill(connection.child, SIGKILL);
    }
  }
  ::unlink(path_.c_str());
}

void Server::serve() {
  while (true) {
    std::vector<pollfd> files = {
        {STDIN_FILENO, POLLIN, 0}, {listening_.number(), POLLIN, 0}, {ended_.number(), POLLIN, 0}};
    std::vector<Connection*> connections;
    for (Connection& connection : connections_) {
      files.push_back({connection.socket.number(), POLLIN, 0});
      connections.push_back(&connection);
    }
    require(::poll(files.data(), files.size(), -1) >= 0 || errno == EINTR, "wait");
    if (files[0].revents != 0) {
      return;
    }
    for (size_t i = 0; i < connections.size(); ++i) {
      if (files[i + 3].revents != 0) {
        read_from(*connections[i]);
      }
    }
    if (files[1].revents != 0) {
      accept_connection();
    }
    if (files[2].revents != 0) {
      answer_ended();
    }
    connections_.remove_if([](const Connection& connection) { return connection.socket.number() < 0; });
  }
}

void Server::accept_connection() {
  const int socket = ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC);
  if (socket >= 0) {
    connections_.push_back({Descriptor(socket), 0});
  }
}

void Server::read_from(Connection& connection) {
  Message message = receive(connection.socket.number());
  if (message.contents.is_null()) {
    if (connection.child > 0) {
      ::kill(connection.child, SIGKILL);
    }
    connection = {};
  } else if (message.contents.contains("signal")) {
    if (connection.child > 0) {
      ::kill(connection.child, message.contents.at("signal").get<int>());
    }
  } else if (const auto state = message.contents.find("state"); state != message.contents.end() && *state != state_) {
    send(connection.socket.number(), {{"refused", nlohmann::json::diff(state_, *state)}});
    connection = {};
  } else {
    start(connection, std::move(message));
  }
}

void Server::start(Connection& connection, Message command) {
  if (command.files.size() != files_of_command) {
    throw std::runtime_error("a command came without its files");
  }
  connection.child = ::fork();
  require(connection.child >= 0, "start a process");
  if (connection.child == 0) {
    run(command, signal_mask_);
  }
}

void Server::answer_ended() {
  signalfd_siginfo ignored{};
  [[maybe_unused]] const ssize_t size = ::read(ended_.number(), &ignored, sizeof(ignored));
  int status = 0;
  for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    for (Connection& connection : connections_) {
      if (connection.child == child) {
        send(connection.socket.number(), {{"code", WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status)}});
        connection = {};
      }
    }
  }
}

} // namespace tsir::many
