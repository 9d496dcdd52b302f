// Rivals: other programs that run the same model on the same inputs, timed in the same blocks as the variants. They
// measure times with their own clocks, and speak the protocol of docs/rivals.md.
#pragma once

#include "lib/base/error.h"
#include "lib/bench/timing/arm.h"
#include "lib/bench/timing/clock.h"
#include "lib/bench/variants/rival_files.h"
#include "lib/process/subprocess.h"

namespace tsir {

// Inputs that are taken in turn with others.
struct RivalTurn {
  size_t calls = 1; // of each cycle
  RivalFiles files;
};

// The job that all rivals of a bench run.
struct RivalJob {
  std::string model; // the path of its file, absolute
  std::string method;
  std::string device; // "cpu", "cuda:0"
  int threads = 1;    // within an operator
  bool grad = false;
  std::string training; // the text of the line "train" if training steps are timed; "" for calls
  uint64_t seed = 0;
  size_t clients = 0; // that call at once; 0: one caller. Only a served tsir takes this
  RivalFiles files;   // for inputs and outputs
  // If there are any, a call is a cycle of calls with these inputs. Only a served tsir takes them.
  std::vector<RivalTurn> turns = {};
};

struct Rival {
  std::string name;
  std::string command;                                      // for a shell
  std::chrono::nanoseconds limit = std::chrono::minutes(5); // for the start, and for each answer
  std::shared_ptr<RivalJob> job;
};

// A running rival. The user's Ctrl-C (`stop`, may be empty) ends every wait. Errors of a rival are thrown as Error, in
// one line that does not contain its name: of kind usage if there is no such command, load if it cannot start, and
// check after that.
class RivalProcess {
public:
  // Starts it and waits for its greeting.
  RivalProcess(Rival rival, std::function<bool()> stop);
  ~RivalProcess();
  RivalProcess(const RivalProcess&) = delete;
  RivalProcess& operator=(const RivalProcess&) = delete;

  // Sends the job, and waits until the rival is ready to be called.
  void prepare();
  // The outputs of its next call, as leaves (rival_files.h).
  std::vector<c10::IValue> outputs();
  // What only a served tsir takes (lib/serve/serve.h): other inputs for the next calls, a file for torch.load; and the
  // JSON that describes the unit.
  void take_inputs(const std::string& path);
  std::string describe();
  // Fills each sample with the nanoseconds per call, the mean of `calls_per_sample` calls.
  void run(std::span<double> sample_ns, size_t calls_per_sample);
  // Its usage in its runs so far; empty if it does not report it.
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
  ErrorKind kind_ = ErrorKind::load; // of errors from now on
  std::optional<Usage> usage_ = Usage{};
};

// An arm that calls a process that is ready.
Arm arm_of(const std::shared_ptr<RivalProcess>& process);
// An arm that calls a fresh process of the rival. `rival` must outlive it.
Arm make_rival_arm(const Rival& rival, const std::function<bool()>& stop);

} // namespace tsir
