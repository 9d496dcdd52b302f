#include "lib/reduce/start.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/setting.h"
#include "lib/input/value.h"
#include "lib/model/text_ir.h"
#include "lib/process/worker.h"
#include "lib/verify/report.h"
#include "lib/verify/target.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

InputTexts texts_of(const std::vector<c10::IValue>& inputs) {
  InputTexts texts;
  for (const c10::IValue& input : inputs) {
    const auto text = input_text_of(input);
    if (!text) {
      throw Error(ErrorKind::usage, fmt::format("input {} ({}) cannot be written as {}", texts.size(), input.tagKind(),
                                                spelled(Setting::input)));
    }
    texts.push_back(*text);
  }
  return texts;
}

// The result of a child. The graph is written to a file.
struct PreparedStart {
  size_t sets = 1;  // of inputs
  size_t calls = 1; // of each set
  std::optional<InputTexts> inputs = {};
};

void to_json(Json& json, const PreparedStart& start) {
  json = {{"sets", start.sets}, {"calls", start.calls}, {"inputs", start.inputs ? Json(*start.inputs) : Json()}};
}

void from_json(const Json& json, PreparedStart& start) {
  start.sets = json.at("sets");
  start.calls = json.at("calls");
  if (const Json& inputs = json.at("inputs"); !inputs.is_null()) {
    start.inputs = inputs.get<InputTexts>();
  }
}

// Inputs are made only if they are given or a pass needs them; a failure may show without any.
Purpose purpose_of(const Workload& workload) {
  return {.load = true, .inputs = gives_inputs(workload)};
}

// The texts of the workload's inputs if they are positional, else empty.
InputTexts texts_in_order(const Workload& workload) {
  const InputTexts& texts = workload.inputs.inputs;
  const bool in_order =
      std::ranges::all_of(texts, [](std::string_view text) { return take_argument_name(text).empty(); });
  return in_order && workload.inputs.file.empty() ? texts : InputTexts();
}

PreparedStart prepare(const StartRequest& request, const Pipeline& before, const std::string& file) {
  const VerifyTarget target =
      make_target(request.workload, *request.registry, request.passes, purpose_of(request.workload));
  Unit unit = target.open();
  const auto& sets = target.observe.input_sets;
  before.run(unit, target.run_settings());
  const GraphPtr graph = standalone_graph(unit);
  write_ir(*graph, file);
  PreparedStart found{std::max<size_t>(sets.size(), 1), target.observe.calls};
  if (!sets.empty()) {
    const InputTexts given = texts_in_order(request.workload);
    found.inputs = given.size() == sets.front().size() ? given : texts_of(sets.front());
  }
  return found;
}

// Index of the pass that fails. Throws Error(check) if none does.
size_t find_failure(const StartRequest& request, ReduceCondition& condition) {
  SweepSettings sweep =
      sweep_settings(request.workload, *request.registry, request.passes, purpose_of(request.workload));
  sweep.limit = request.limit;
  sweep.ignore_interrupt = true; // Ctrl-C is for the parent
  const std::vector<PassVerdict> verdicts = verify_each({request.passes}, sweep).verdicts.front();
  if (condition.kind == ReduceCondition::Kind::same) {
    const auto failure = std::ranges::find_if(verdicts, is_failure);
    condition.text = failure != verdicts.end() ? failure_signature(*failure) : "";
  }
  const PassVerdict* shown = find_shown(condition, verdicts);
  if (shown == nullptr) {
    std::string summary = verdict_summary(verdicts);
    summary.pop_back();
    throw Error(ErrorKind::check, fmt::format("nothing to reduce: the failure does not show with {} {} ({})",
                                              spelled(Setting::passes), request.passes.text(), summary));
  }
  return static_cast<size_t>(shown - verdicts.data());
}

} // namespace

Candidate candidate_after(const StartRequest& request, const Pipeline& before, const Pipeline& rest) {
  const std::string file = request.folder + "/start.ir";
  const WorkerSettings worker{.limit = request.limit, .discard_output = true, .ignore_interrupt = true};
  PreparedStart found =
      value_or_throw(in_worker<PreparedStart>(worker, [&] { return prepare(request, before, file); }));
  return {.graph = parse_ir(Bytes::open(file)->text(), file),
          .inputs = std::move(found.inputs),
          .pipeline = rest,
          .sets = found.sets,
          .calls = found.calls,
          .seen = {}};
}

Start find_start(const StartRequest& request, ReduceCondition& condition) {
  const size_t failing = find_failure(request, condition);
  const std::span uses = request.passes.uses();
  std::string why;
  for (const char* first : {"", "freeze-module"}) {
    const Pipeline freeze = Pipeline::parse(first, *request.registry);
    for (size_t left = 1; left <= failing + 1; ++left) {
      const size_t done = failing + 1 - left;
      const Pipeline before = freeze.followed_by(uses.first(done));
      try {
        Candidate candidate = candidate_after(request, before, Pipeline().followed_by(uses.subspan(done, left)));
        auto verdicts = try_passes(candidate, request.trial());
        if (find_shown(condition, verdicts) != nullptr) {
          return {std::move(candidate), before.text(), std::move(verdicts)};
        }
        why = why.empty() ? "the standalone graph does not fail" : why;
      } catch (const Error& error) {
        why = why.empty() ? error.what() : why;
      }
    }
  }
  throw Error(ErrorKind::check, fmt::format("the failure does not show on a standalone graph: {}", why));
}

Start plain_start(const StartRequest& request) {
  return {candidate_after(request, Pipeline(), Pipeline()), "", {}};
}

} // namespace tsir
