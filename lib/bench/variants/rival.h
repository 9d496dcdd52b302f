// Rivals: other programs that run the same model on the same inputs, timed in the same blocks as the variants. They
// take their times by their own clocks and speak the protocol of docs/rivals.md.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"
#include "lib/bench/variants/rival_files.h"
#include "lib/process/subprocess.h"

namespace tsir {

// The work that all rivals of a bench share.
struct RivalJob {
  std::string model; // the path of its file, absolute
  std::string method;
  std::string device; // "cpu", "cuda:0"
  int threads = 1;    // within an operator
  bool grad = false;
  std::string training; // what the line "train" says, where steps of training are timed; "" for calls
  uint64_t seed = 0;
  RivalFiles files; // inputs, and where outputs go
};

struct Rival {
  std::string name;
  std::string command;                                      // for a shell
  std::chrono::nanoseconds limit = std::chrono::minutes(5); // for the start, and for each answer
  std::shared_ptr<RivalJob> job;
};

// A running rival. `stop` (may be empty) ends every wait once it gives true. Failures are thrown as Error in one line
// that does not name the rival: of kind usage where there is no such command, load where it cannot start, check after
// that.
class RivalProcess {
public:
  // Starts it and waits for its greeting.
  RivalProcess(Rival rival, std::function<bool()> stop);
  ~RivalProcess();
  RivalProcess(const RivalProcess&) = delete;
  RivalProcess& operator=(const RivalProcess&) = delete;

  // Gives it the job, and waits until it is ready to be called.
  void prepare();
  // Of its next call, as leaves (rival_files.h).
  std::vector<c10::IValue> outputs();
  // Fills each sample with nanoseconds a call, the mean of so many calls.
  void run(std::span<double> sample_ns, size_t calls_per_sample);
  // What it has used in its runs so far; nothing where it does not report it.
  std::optional<Usage> usage() const { return usage_; }

private:
  std::string read(const std::string& to);
  std::string ask(const std::string& line);
  void greet();
  void take_abilities(const std::vector<std::string_view>& words, const std::string& line);
  std::string with_last_words(std::string text) const;
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_ended(const std::string& before);

  Rival rival_;
  std::function<bool()> stop_;
  Subprocess process_;
  DataForm form_ = DataForm::torch;
  bool trains_ = false;
  ErrorKind kind_ = ErrorKind::load; // of what goes wrong from now on
  std::optional<Usage> usage_ = Usage{};
};

// An arm that calls a fresh process of the rival.
Arm make_rival_arm(const Rival& rival, const std::function<bool()>& stop);

} // namespace tsir
