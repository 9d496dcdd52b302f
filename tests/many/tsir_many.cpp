// Runs many tsir commands, each in a child process of this one. LibTorch starts once, which is most of the time of a
// short command. For test scripts that sweep over models and passes (tests/tool.py); tests of the tool itself start it.
//
// Reads a JSON object from each line of standard input:
//   {"id": 7, "words": ["tsir", "dump", "m.pt"], "folder": "/tmp/a", "output": "FILE", "errors": "FILE", "seconds": 60}
// Writes {"id": 7, "code": 0} when the command has ended. "code" is minus the signal's number if a signal ended it:
// SIGALRM after `seconds`. Ends when all commands have ended and standard input is closed.
#include "lib/base/setting.h"
#include "tools/tsir/app.h"
#include "tools/tsir/flag_names.h"
#include "tools/tsir/supervisor.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Command {
  int id = 0;
  std::vector<std::string> words;
  std::string folder;
  std::string output;
  std::string errors;
  unsigned seconds = 0;
};

Command command_of(const nlohmann::json& json) {
  return {json.at("id"), json.at("words"), json.at("folder"), json.at("output"), json.at("errors"), json.at("seconds")};
}

void replace(int descriptor, const std::string& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0666);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) {
    throw std::runtime_error("cannot open " + file);
  }
  ::close(opened);
}

[[noreturn]] void run(Command command, const sigset_t& signal_mask) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::sigprocmask(SIG_SETMASK, &signal_mask, nullptr);
  std::filesystem::current_path(command.folder);
  replace(STDIN_FILENO, "/dev/null", O_RDONLY);
  replace(STDOUT_FILENO, command.output, O_WRONLY | O_CREAT | O_TRUNC);
  replace(STDERR_FILENO, command.errors, O_WRONLY | O_CREAT | O_TRUNC);
  ::alarm(command.seconds);
  tsir::tool::split_off_worker();
  std::vector<char*> words;
  for (std::string& word : command.words) {
    words.push_back(word.data());
  }
  words.push_back(nullptr);
  tsir::tool::run_supervised([&] { return tsir::tool::run_tool(static_cast<int>(words.size()) - 1, words.data()); });
}

class Commands {
public:
  Commands() {
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &ended, &signal_mask_);
    ended_ = ::signalfd(-1, &ended, SFD_CLOEXEC);
  }

  void run_all() {
    bool open = true;
    while (open || !running_.empty()) {
      std::array<pollfd, 2> files = {{{ended_, POLLIN, 0}, {open ? STDIN_FILENO : -1, POLLIN, 0}}};
      if (::poll(files.data(), files.size(), -1) < 0 && errno != EINTR) {
        throw std::runtime_error("poll failed");
      }
      if (files[1].revents != 0) {
        open = read_commands();
      }
      if (files[0].revents != 0) {
        signalfd_siginfo ignored{};
        [[maybe_unused]] const ssize_t size = ::read(ended_, &ignored, sizeof(ignored));
        report_ended();
      }
    }
  }

private:
  // Starts the commands of all lines that are there. Returns false if there will be no more.
  bool read_commands() {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) {
      return size < 0 && errno == EINTR;
    }
    text_.append(buffer.data(), static_cast<size_t>(size));
    for (size_t end = 0; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1)) {
      start(command_of(nlohmann::json::parse(text_.substr(0, end))));
    }
    return true;
  }

  void start(Command command) {
    const int id = command.id;
    const pid_t child = ::fork();
    if (child == 0) {
      run(std::move(command), signal_mask_);
    }
    if (child < 0) {
      throw std::runtime_error("cannot start a process");
    }
    running_[child] = id;
  }

  void report_ended() {
    int status = 0;
    for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      const int code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
      std::cout << nlohmann::json{{"id", running_.at(child)}, {"code", code}} << std::endl;
      running_.erase(child);
    }
  }

  sigset_t signal_mask_{};
  int ended_ = -1;
  std::string text_;
  std::map<pid_t, int> running_; // the id of each process's command
};

} // namespace

int main() {
  tsir::install_spellings(tsir::tool::flag_names());
  try {
    Commands().run_all();
  } catch (const std::exception& error) {
    std::cerr << "tsir_many: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
