// Stands in for tsir in lit tests: the tsir_many whose socket is $TSIR_MANY runs the command. If there is none, or if
// it was started in another state (state.h: another environment, other limits), as under `env OMP_NUM_THREADS=2`, tsir
// itself is started.
#include "tests/many/message.h"
#include "tests/many/state.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using tsir::many::Descriptor;

// Signals that tsir handles or that end it, and that are sent to it.
sigset_t forwarded_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGUSR1, SIGUSR2}) {
    sigaddset(&signals, number);
  }
  return signals;
}

std::string program_path() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tsir").string();
}

// Files that a parent has opened, such as those of `<(…)` in bash, are not sent to the other process.
bool has_other_files() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone; // the iterator's own file is closed by then
    const std::filesystem::path target = std::filesystem::read_symlink(entry.path(), gone);
    if (std::stoi(entry.path().filename()) > STDERR_FILENO && target.parent_path().filename() != "fd" &&
        target.string().find("/proc/") != 0) {
      return true;
    }
  }
  return false;
}

Descriptor connect(const char* path) {
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const sockaddr_un address = tsir::many::address_of(path);
  return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0
             ? std::move(socket)
             : Descriptor();
}

nlohmann::json command(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  words.at(0) = program_path();
  return {{"words", words},
          {"state", tsir::many::inherited_state()},
          {"environment", tsir::many::passing_environment()},
          {"ignored signals", tsir::many::ignored_signals()}};
}

// Waits for the answer, and sends on the signals that come to this process.
nlohmann::json answer(const Descriptor& socket) {
  const sigset_t signals = forwarded_signals();
  while (true) {
    pollfd file{socket.number(), POLLIN, 0};
    const timespec tick{0, 20'000'000};
    if (::ppoll(&file, 1, &tick, nullptr) > 0) {
      return tsir::many::receive(socket.number()).contents;
    }
    const timespec now{};
    for (int number = 0; (number = ::sigtimedwait(&signals, nullptr, &now)) > 0;) {
      tsir::many::send(socket.number(), {{"signal", number}});
    }
  }
}

// The exit code as the process that ran the command gave it. Nothing if no such process runs commands.
std::optional<int> run_elsewhere(const char* path, int argc, char** argv) {
  const Descriptor socket = connect(path);
  const Descriptor folder(::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (socket.number() < 0 || folder.number() < 0 || ::fcntl(STDIN_FILENO, F_GETFD) < 0 ||
      ::fcntl(STDOUT_FILENO, F_GETFD) < 0 || ::fcntl(STDERR_FILENO, F_GETFD) < 0) {
    return std::nullopt;
  }
  const nlohmann::json asked = command(argc, argv);
  const sigset_t signals = forwarded_signals();
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  if (tsir::many::send(socket.number(), asked, {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, folder.number()})) {
    const nlohmann::json answered = answer(socket);
    if (answered.is_null()) {
      std::fputs("tsir_client: tsir_many has ended\n", stderr);
      std::abort();
    }
    if (answered.contains("code")) {
      return answered.at("code").get<int>();
    }
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return std::nullopt;
}

[[noreturn]] void end_by_signal(int number) {
  ::signal(number, SIG_DFL);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, number);
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  ::raise(number);
  std::abort();
}

} // namespace

int main(int argc, char** argv) {
  if (const char* path = std::getenv("TSIR_MANY"); path != nullptr && !has_other_files()) {
    if (const std::optional<int> code = run_elsewhere(path, argc, argv)) {
      *code < 0 ? end_by_signal(-*code) : std::exit(*code);
    }
    ::unsetenv("TSIR_MANY");
  }
  const std::string program = program_path();
  ::execv(program.c_str(), argv);
  std::perror(program.c_str());
  return 127;
}
