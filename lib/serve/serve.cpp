#include "lib/serve/serve.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/bench/timing/slot.h"
#include "lib/bench/variants/clients.h"
#include "lib/bench/variants/variant.h"
#include "lib/input/output_data.h"
#include "lib/model/save.h"
#include "lib/process/phase.h"
#include "lib/process/sleeping_threads.h"
#include "lib/serve/cycle.h"

#include <c10/core/InferenceMode.h>

#include <charconv>
#include <sys/resource.h>

namespace tsir {
namespace {

constexpr std::chrono::milliseconds longest_spin(300);
constexpr size_t calls_that_compile = 3; // the profiling executor compiles in the second

struct Request {
  std::string word;
  std::string rest;
};

Request parse_request(const std::string& line) {
  const size_t space = std::min(line.find(' '), line.size());
  return {line.substr(0, space), line.substr(std::min(space + 1, line.size()))};
}

template <typename Number> Number number_in(std::string_view text, const char* what) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorKind::usage, fmt::format("'{}' is not {}", text, what));
  }
  return number;
}

uint64_t peak_bytes_of_process() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

// Inputs that are taken in turn with others.
struct Turn {
  size_t calls = 1; // of each cycle
  std::string file;
  std::vector<c10::IValue> inputs;
};

class Server {
public:
  explicit Server(const ServeJob& job) : job_(job) { workload_.source = job.source; }

  // The answer; nothing for a setting.
  std::optional<std::string> answer(const Request& request);

private:
  void take_setting(const Request& request);
  std::string prepare();
  std::string write_outputs(const std::string& path);
  std::string run(const std::string& numbers);
  std::string describe();
  void take_turn(const std::string& numbers);
  void take_inputs();
  void make_arm();
  std::function<void()> caller() const;
  const Variant& variant() const;
  void note_first_calls(size_t calls, double seconds);

  const ServeJob& job_;
  Workload workload_;
  int threads_ = 0;
  size_t clients_ = 0;
  std::shared_ptr<const OpenedModel> model_;
  BenchTarget target_;
  std::shared_ptr<const Variant> variant_;
  std::vector<c10::IValue> inputs_; // as the calls have left them
  Arm arm_;
  bool new_inputs_ = false;
  std::vector<Turn> turns_;
  std::optional<c10::InferenceMode> inference_mode_;
  SteadyClock clock_;
  ServedUnit unit_;
  size_t calls_ = 0;
};

std::optional<std::string> Server::answer(const Request& request) {
  if (request.word == "prepare") {
    return prepare();
  }
  if (request.word == "outputs") {
    return write_outputs(request.rest);
  }
  if (request.word == "run") {
    return run(request.rest);
  }
  if (request.word == "describe") {
    return describe();
  }
  take_setting(request);
  return std::nullopt;
}

// Settings that are not known are ignored: a newer tsir may send them.
void Server::take_setting(const Request& request) {
  if (request.word == "model") {
    workload_.source.file = request.rest;
  } else if (request.word == "method") {
    workload_.source.method = request.rest;
  } else if (request.word == "device") {
    workload_.device = request.rest;
  } else if (request.word == "threads") {
    threads_ = number_in<int>(request.rest, "a number of threads");
  } else if (request.word == "grad") {
    workload_.grad = request.rest == "on";
  } else if (request.word == "seed") {
    workload_.inputs.seed = number_in<uint64_t>(request.rest, "a seed");
  } else if (request.word == "inputs") {
    workload_.inputs.file = request.rest;
    turns_.clear();
    new_inputs_ = true;
  } else if (request.word == "turn") {
    take_turn(request.rest);
  } else if (request.word == "clients") {
    clients_ = number_in<size_t>(request.rest, "a number of clients");
  } else if (request.word == "train") {
    throw Error(ErrorKind::usage, "units are served for calls, not for training");
  }
}

void Server::take_turn(const std::string& numbers) {
  const size_t space = std::min(numbers.find(' '), numbers.size());
  const auto calls = number_in<size_t>(std::string_view(numbers).substr(0, space), "a number of calls");
  if (calls == 0) {
    throw Error(ErrorKind::usage, "the number of calls of a turn must be 1 or more");
  }
  turns_.push_back({.calls = calls, .file = numbers.substr(std::min(space + 1, numbers.size())), .inputs = {}});
  new_inputs_ = true;
}

std::string Server::prepare() {
  HostSettings settings = job_.settings;
  settings.threads = settings.threads > 0 ? settings.threads : threads_;
  set_up_process(settings);
  const auto start = std::chrono::steady_clock::now();
  if (workload_.source.file.ends_with(".ir")) {
    workload_.source.method.clear(); // the graph's name
  }
  model_ = open_model(workload_, job_.passes, {.run = true});
  target_.open = [model = model_] { return model->unit(); };
  target_.executor = settings.executor;
  target_.grad = workload_.grad;
  target_.seed = workload_.inputs.seed;
  take_inputs();
  variant_ = std::make_shared<const Variant>(make_variant(target_, {.name = "served", .pipeline = job_.passes}));
  unit_.open_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  unit_.unsavable = variant_->unit.has_module() ? unsavable(variant_->unit) : "a graph without a module";
  for (const PassOutcome& pass : variant_->passes) {
    if (!pass.note.empty()) {
      unit_.notes.push_back(fmt::format("{}: {}", pass.text, pass.note));
    }
    if (!pass.beyond_host.empty()) {
      unit_.beyond_host.push_back(fmt::format("{}: {}", pass.text, pass.beyond_host));
    }
  }
  if (settings.inference_mode) {
    inference_mode_.emplace();
  }
  at::manual_seed(target_.seed);
  make_arm();
  return "ready";
}

// The clients share the module, as the threads of a server do.
void Server::make_arm() {
  std::vector<std::function<void()>> callers;
  for (size_t client = 0; client < std::max<size_t>(clients_, 1); ++client) {
    callers.push_back(caller());
  }
  arm_ = clients_ > 0 ? clients_arm(std::move(callers)) : Arm{callers.front()};
}

// One call, or one cycle of calls.
std::function<void()> Server::caller() const {
  if (turns_.empty()) {
    return caller_of(variant_, target_);
  }
  std::vector<std::function<void()>> calls;
  std::vector<size_t> numbers;
  for (const Turn& turn : turns_) {
    BenchTarget target = target_;
    target.inputs = turn.inputs;
    calls.push_back(caller_of(variant_, target));
    numbers.push_back(turn.calls);
  }
  return [calls, order = order_of_cycle(numbers)] {
    for (const size_t turn : order) {
      calls[turn]();
    }
  };
}

void Server::take_inputs() {
  const Prepared prepared = tsir::prepare(model_, workload_, job_.passes, {.run = true});
  target_.device = prepared.device;
  target_.inputs = prepared.input_sets.front();
  inputs_ = deep_copies(target_.inputs);
  for (Turn& turn : turns_) {
    Workload workload = workload_;
    workload.inputs.file = turn.file;
    turn.inputs = tsir::prepare(model_, workload, job_.passes, {.run = true}).input_sets.front();
  }
  new_inputs_ = false;
}

const Variant& Server::variant() const {
  if (!variant_) {
    throw Error(ErrorKind::usage, "the request \"prepare\" must come first");
  }
  return *variant_;
}

void Server::note_first_calls(size_t calls, double seconds) {
  if (calls_ < calls_that_compile) {
    unit_.first_call_seconds += seconds;
  }
  calls_ += calls;
}

std::string Server::write_outputs(const std::string& path) {
  if (new_inputs_ && variant_) {
    take_inputs();
    make_arm();
  }
  const auto start = std::chrono::steady_clock::now();
  const std::vector<c10::IValue> outputs = variant().runnable.run(inputs_);
  note_first_calls(1, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  const std::vector<char> bytes = as_torch_file(outputs);
  write_file(path, {bytes.data(), bytes.size()});
  wait_until_others_sleep(longest_spin);
  return "written";
}

std::string Server::run(const std::string& numbers) {
  const std::shared_ptr<RunScope> scope = variant().runnable.scope();
  if (new_inputs_) {
    take_inputs();
    make_arm();
  }
  const size_t space = std::min(numbers.find(' '), numbers.size());
  const auto samples = number_in<size_t>(std::string_view(numbers).substr(0, space), "a number of samples");
  const auto calls =
      number_in<size_t>(std::string_view(numbers).substr(std::min(space + 1, numbers.size())), "a number of calls");
  if (samples == 0 || calls == 0) {
    throw Error(ErrorKind::usage, "the numbers of samples and calls must be 1 or more");
  }
  const Phase phase(fmt::format("running {}", variant().unit.name()));
  const Slot slot = run_slot(arm_, 0, {.samples = samples, .calls_per_sample = calls}, clock_);
  note_first_calls(samples * calls, static_cast<double>(slot.wall_ns) * 1e-9);
  std::string text = "ran";
  for (const double ns : slot.sample_ns) {
    text += fmt::format(" {}", std::max<int64_t>(1, std::llround(ns * static_cast<double>(calls))));
  }
  if (slot.usage) {
    text +=
        fmt::format(" usage {} {} {}", slot.usage->cpu_ns, slot.usage->involuntary_switches, slot.usage->page_faults);
  }
  wait_until_others_sleep(longest_spin);
  return text;
}

std::string Server::describe() {
  unit_.key = fmt::format("{:016x}", execution_key(variant()));
  unit_.peak_bytes = peak_bytes_of_process();
  return "described " + to_json(unit_).dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace

void serve(const ServeJob& job, const ServeLines& lines) {
  Server server(job);
  lines.write("tsir-rival 1");
  for (auto line = lines.read(); line && *line != "quit"; line = lines.read()) {
    std::optional<std::string> answer;
    try {
      answer = server.answer(parse_request(*line));
    } catch (const std::exception& error) {
      answer = "error " + one_line(error);
    }
    if (answer) {
      lines.write(*answer);
    }
  }
}

} // namespace tsir
