#include "lib/process/worker_child.h"

#include <fcntl.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace tsir {
namespace {

// The child's end of the pipe: one JSON object a line.
class Sender {
public:
  explicit Sender(int fd) : fd_(fd) {}
  void send(const WorkerJson& json) const {
    const std::string text = json.dump(-1, ' ', false, WorkerJson::error_handler_t::replace) + "\n";
    for (std::string_view left = text; !left.empty();) {
      const ssize_t written = ::write(fd_, left.data(), left.size());
      if (written < 0 && errno != EINTR) {
        return; // the parent has ended
      }
      left.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
    }
  }

private:
  int fd_;
};

void apply(const WorkerSettings& settings) {
  if (settings.ignore_interrupt) {
    std::signal(SIGINT, SIG_IGN);
  }
  if (settings.discard_output) {
    discard_output();
  }
  for (const auto& [name, value] : settings.environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

void* call_body(void* body) {
  (*static_cast<const std::function<void()>*>(body))();
  return nullptr;
}

// Runs `body`, which must not throw, in a thread with a stack of that size; in this thread if that is 0, or if there is
// no memory for it.
void run_on_stack(size_t bytes, const std::function<void()>& body) {
  pthread_attr_t attributes;
  pthread_t thread{};
  if (bytes == 0 || ::pthread_attr_init(&attributes) != 0) {
    body();
    return;
  }
  const bool started =
      ::pthread_attr_setstacksize(&attributes, bytes) == 0 &&
      ::pthread_create(&thread, &attributes, call_body, const_cast<std::function<void()>*>(&body)) == 0;
  ::pthread_attr_destroy(&attributes);
  started ? static_cast<void>(::pthread_join(thread, nullptr)) : body();
}

} // namespace

void work_and_exit(const WorkerSettings& settings, const WorkerBody& work, PhaseBoard* board, int fd, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) { // it died before the line above
    ::_exit(1);
  }
  set_phase_board(board);
  apply(settings);
  const Sender sender(fd);
  run_on_stack(settings.stack_bytes, [&] {
    try {
      sender.send({{"value", work([&](const WorkerJson& event) { sender.send({{"event", event}}); })}});
    } catch (const Error& error) {
      sender.send({{"error", error.what()}, {"kind", static_cast<int>(error.kind())}});
    } catch (const std::exception& error) {
      sender.send({{"threw", one_line(error)}});
    }
  });
  ::_exit(0); // without running destructors of the parent's objects
}

void discard_output() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
}

} // namespace tsir
