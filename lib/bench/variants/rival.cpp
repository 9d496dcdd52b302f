#include "lib/bench/variants/rival.h"

#include "lib/base/printable.h"
#include "lib/base/setting.h"
#include "lib/process/sleeping_threads.h"

#include <charconv>

namespace tsir {
namespace {

constexpr std::string_view greeting = "tsir-rival 1";
constexpr std::chrono::milliseconds longest_spin(300);
constexpr size_t shown = 80; // length of a rival's text in a message

// tsir raises the same two limits for itself. Otherwise glibc's malloc returns memory to the system between calls,
// which sometimes makes the same work up to a third slower.
constexpr std::string_view keep_memory = "export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_-33554432} "
                                         "MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_-2147483647}; ";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<int64_t> whole_number(std::string_view word) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool good = error == std::errc() && end == word.data() + word.size() && value >= 0;
  return good ? std::optional(value) : std::nullopt;
}

std::string in_quotes(std::string_view text) {
  return text.empty() ? "an empty line" : fmt::format("\"{}\"", printable(one_line(text, shown)));
}

Usage operator+(const Usage& one, const Usage& other) {
  return {one.cpu_ns + other.cpu_ns, one.involuntary_switches + other.involuntary_switches,
          one.page_faults + other.page_faults};
}

// `usage CPU_NS SWITCHES FAULTS`, without the first word.
std::optional<Usage> usage_in(std::span<const std::string_view> words) {
  std::array<int64_t, 3> numbers{};
  if (words.size() != numbers.size()) {
    return std::nullopt;
  }
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto number = whole_number(words[i]);
    if (!number) {
      return std::nullopt;
    }
    numbers[i] = *number;
  }
  return Usage{numbers[0], numbers[1], numbers[2]};
}

} // namespace

RivalProcess::RivalProcess(Rival rival, std::function<bool()> stop)
    : rival_(std::move(rival)), stop_(std::move(stop)),
      process_(std::string(keep_memory) + rival_.command, rival_.job->files.fresh_log()) {
  greet();
}

RivalProcess::~RivalProcess() {
  constexpr std::chrono::milliseconds grace(500);
  process_.send("quit");
  process_.finish(grace);
}

void RivalProcess::greet() {
  const std::string line = read("its greeting");
  const std::vector<std::string_view> words = words_of(line);
  if (words.size() < 2 || words[0] != "tsir-rival") {
    fail(fmt::format("begins with {} instead of \"{}\": is it a rival? See docs/rivals.md for the protocol",
                     in_quotes(line), greeting));
  }
  if (words[1] != "1") {
    fail(fmt::format("speaks version {} of the protocol, and this tsir version 1", in_quotes(words[1])));
  }
  take_abilities(words, line);
  if (!rival_.job->training.empty() && !trains_) {
    throw Error(
        ErrorKind::usage,
        fmt::format("can be called, but not trained (its greeting does not say train): leave out {} or this rival",
                    spelled(Setting::train)));
  }
}

// Parses what follows the version.
void RivalProcess::take_abilities(const std::vector<std::string_view>& words, const std::string& line) {
  for (const std::string_view word : std::span(words).subspan(2)) {
    if (word == "train") {
      trains_ = true;
    } else if (word == "torch" || word == "npy") {
      form_ = word == "npy" ? DataForm::npy : DataForm::torch;
    } else {
      fail(fmt::format("greets with {}: only torch or npy, and train, may follow \"{}\"", in_quotes(line), greeting));
    }
  }
}

void RivalProcess::prepare() {
  RivalJob& job = *rival_.job;
  process_.send("model " + job.model);
  process_.send("method " + job.method);
  process_.send("device " + job.device);
  process_.send(fmt::format("threads {}", job.threads));
  process_.send(fmt::format("grad {}", job.grad ? "on" : "off"));
  process_.send(fmt::format("seed {}", job.seed));
  if (!job.training.empty()) {
    process_.send("train " + job.training);
  }
  if (job.clients > 0) {
    process_.send(fmt::format("clients {}", job.clients));
  }
  process_.send("inputs " + job.files.inputs(form_));
  for (RivalTurn& turn : job.turns) {
    process_.send(fmt::format("turn {} {}", turn.calls, turn.files.inputs(form_)));
  }
  const std::string answer = ask("prepare");
  if (words_of(answer) != std::vector<std::string_view>{"ready"}) {
    fail(fmt::format("answers \"prepare\" with {} instead of \"ready\"", in_quotes(answer)));
  }
  kind_ = ErrorKind::check;
}

std::vector<c10::IValue> RivalProcess::outputs() {
  const std::string path = rival_.job->files.fresh_outputs(form_);
  const std::string answer = ask("outputs " + path);
  if (words_of(answer) != std::vector<std::string_view>{"written"}) {
    fail(fmt::format("answers \"outputs\" with {} instead of \"written\"", in_quotes(answer)));
  }
  return RivalFiles::read_outputs(path, form_);
}

void RivalProcess::take_inputs(const std::string& path) {
  process_.send("inputs " + path);
}

std::string RivalProcess::describe() {
  const std::string answer = ask("describe");
  if (!answer.starts_with("described ")) {
    fail(fmt::format("answers \"describe\" with {} instead of \"described\"", in_quotes(answer)));
  }
  return answer.substr(answer.find(' ') + 1);
}

void RivalProcess::run(std::span<double> sample_ns, size_t calls_per_sample) {
  wait_until_others_sleep(longest_spin); // else this process' threads take time from the rival
  const std::string question = fmt::format("run {} {}", sample_ns.size(), calls_per_sample);
  const std::string answer = ask(question);
  const std::vector<std::string_view> words = words_of(answer);
  if (words.empty() || words[0] != "ran") {
    fail(fmt::format("answers \"{}\" with {} instead of \"ran\" and times", question, in_quotes(answer)));
  }
  const auto end = std::ranges::find(words, "usage");
  const auto times = std::span(words).subspan(1, static_cast<size_t>(end - words.begin()) - 1);
  if (times.size() != sample_ns.size()) {
    fail(fmt::format("answers \"{}\" with {} times instead of {}", question, times.size(), sample_ns.size()));
  }
  for (size_t i = 0; i < times.size(); ++i) {
    const auto time = whole_number(times[i]);
    if (!time || *time == 0) {
      fail(fmt::format("gives {} for a time: it must be whole nanoseconds above 0", in_quotes(times[i])));
    }
    sample_ns[i] = static_cast<double>(*time) / static_cast<double>(calls_per_sample);
  }
  if (end == words.end()) {
    usage_.reset();
    return;
  }
  const auto used = usage_in(std::span(words).subspan(static_cast<size_t>(end - words.begin()) + 1));
  if (!used) {
    fail("must give three numbers after \"usage\": nanoseconds of processor time, involuntary switches, page faults");
  }
  usage_ = usage_ ? std::optional(*usage_ + *used) : std::nullopt;
}

std::string RivalProcess::ask(const std::string& line) {
  process_.send(line);
  std::string answer = read(fmt::format("its answer to \"{}\"", line.substr(0, line.find(' '))));
  if (answer.starts_with("error")) {
    fail(printable(one_line(std::string_view(answer).substr(std::min<size_t>(answer.size(), 6)))));
  }
  return answer;
}

std::string RivalProcess::read(const std::string& to) {
  std::string line;
  switch (process_.read_line(line, rival_.limit, stop_)) {
  case Subprocess::Reading::line:
    break;
  case Subprocess::Reading::ended:
    fail_ended(to);
  case Subprocess::Reading::out_of_time:
    fail(with_last_words(fmt::format("gave up waiting for {} after {:g} s; {} SECONDS allows more", to,
                                     std::chrono::duration<double>(rival_.limit).count(),
                                     spelled(Setting::rival_timeout))));
  case Subprocess::Reading::stopped:
    fail("interrupted");
  case Subprocess::Reading::too_long:
    fail(fmt::format("sent megabytes without a line end instead of {}", to));
  }
  return line;
}

std::string RivalProcess::with_last_words(std::string text) const {
  const std::string words = printable(process_.last_error_line());
  return words.empty() ? text : text + ": " + words;
}

void RivalProcess::fail(const std::string& what) const {
  throw Error(kind_, what);
}

void RivalProcess::fail_ended(const std::string& before) {
  const int code = process_.exit_code();
  if (before == "its greeting" && (code == 126 || code == 127)) {
    throw Error(ErrorKind::usage, with_last_words(code == 127 ? "there is no such command" : "cannot be run"));
  }
  fail(with_last_words(fmt::format("{} before {}", process_.how_it_ended(), before)));
}

Arm make_rival_arm(const Rival& rival, const std::function<bool()>& stop) {
  const auto process = std::make_shared<RivalProcess>(rival, stop);
  process->prepare();
  return arm_of(process);
}

Arm arm_of(const std::shared_ptr<RivalProcess>& process) {
  Arm arm;
  arm.call = [process] {
    double ignored = 0;
    process->run({&ignored, 1}, 1);
  };
  arm.take_samples = [process](std::span<double> sample_ns, size_t calls) { process->run(sample_ns, calls); };
  arm.usage = [process] { return process->usage(); };
  return arm;
}

} // namespace tsir
