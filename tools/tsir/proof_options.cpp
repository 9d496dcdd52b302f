#include "tools/tsir/proof_options.h"

#include "lib/base/shell_quoted.h"
#include "lib/input/value.h"
#include "tools/tsir/reproduce.h"
#include "tools/tsir/tolerance.h"

#include <ATen/Parallel.h>

#include <csignal>

namespace tsir::tool {
namespace {

bool same_values(const std::vector<c10::IValue>& a, const std::vector<c10::IValue>& b) {
  return compare(a, b).identical;
}

// The inputs of the command line under several seeds; fewer where the seed does not change them.
std::vector<std::vector<c10::IValue>> input_sets(const ProofOptions& options, Unit& unit, c10::Device device) {
  std::vector<std::vector<c10::IValue>> sets;
  for (size_t i = 0; i < options.sets; ++i) {
    InputOptions input = options.input;
    input.settings.seed += i;
    sets.push_back(inputs_for(input, unit, device));
    if (i > 0 && same_values(sets[0], sets[i])) {
      sets.pop_back();
      break;
    }
  }
  return sets;
}

} // namespace

void ProofOptions::add_to(CLI::App& app) {
  app.add_option("--start", start, "Passes that make the start: 'freeze' to prove passes on a frozen model")
      ->type_name("PASSES");
  app.add_option("--sets", sets, "Sets of inputs, each with a seed of its own")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--calls", calls, "Calls of each set, one after the other: a second call may differ")
      ->type_name("N")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--tolerance", tolerance, tolerance_help)->type_name("LIMITS")->allow_extra_args(false);
  app.add_option("--pass-time-limit", pass_seconds, "Give up on a pass, or on a pipeline, after this")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str();
}

void ProofOptions::check(const Registry& registry) const {
  parse_tolerances(tolerance);
  Pipeline::parse(start, registry, Setting::start);
  parse_executor(execution.executor_name);
}

VerifyTarget ProofOptions::target(const Registry& registry, c10::Device device, bool wants_inputs) const {
  const auto opened = std::make_shared<OpenedModel>(model, OpenMode::load, device);
  VerifyTarget target;
  target.device = device;
  target.tolerance = parse_tolerances(tolerance);
  target.observe = {.input_sets = {},
                    .calls = calls,
                    .seed = input.settings.seed,
                    .executor = parse_executor(execution.executor_name),
                    .grad = execution.grad};
  Unit unit = opened->unit();
  if (wants_inputs || gives_inputs()) {
    target.observe.input_sets = input_sets(*this, unit, device);
  }
  const Pipeline passes = Pipeline::parse(start, registry, Setting::start);
  target.open = [opened, passes, device, sets = target.observe.input_sets] {
    Unit fresh = opened->unit();
    passes.run(fresh, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = device});
    return fresh;
  };
  return target;
}

std::chrono::nanoseconds ProofOptions::pass_limit() const {
  return std::chrono::nanoseconds(static_cast<int64_t>(std::min(pass_seconds, 1e9) * 1e9));
}

StartRequest ProofOptions::start_request(const Session& session, const Pipeline& passes,
                                         const std::string& folder) const {
  const c10::Device device = execution.prepare();
  StartRequest request;
  request.passes = passes;
  request.registry = &session.registry;
  request.target = [this, &session, device] {
    std::signal(SIGINT, SIG_IGN); // Ctrl-C is for the parent
    return target(session.registry, device, /*wants_inputs=*/false);
  };
  request.folder = folder;
  const auto& texts = input.settings.inputs;
  const bool in_order =
      std::ranges::all_of(texts, [](std::string_view text) { return take_argument_name(text).empty(); });
  request.given = in_order && input.settings.file.empty() ? texts : InputTexts();
  request.trial = {.observe = {.input_sets = {},
                               .seed = input.settings.seed,
                               .executor = parse_executor(execution.executor_name),
                               .grad = execution.grad},
                   .tolerance = parse_tolerances(tolerance),
                   .device = device,
                   .threads = at::get_num_threads(),
                   .limit = pass_limit()};
  return request;
}

std::string ProofOptions::repeated(const Session& session) const {
  std::vector<std::string> words = repeated_arguments(session, model, input, execution);
  for (const std::string& limits : tolerance) {
    words.push_back("--tolerance " + shell_quoted(limits));
  }
  words.push_back(fmt::format("--sets {} --calls {}", sets, calls));
  words.push_back("--executor " + execution.executor_name);
  return fmt::format("{}", fmt::join(words, " "));
}

} // namespace tsir::tool
