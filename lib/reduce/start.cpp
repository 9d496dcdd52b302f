#include "lib/reduce/start.h"

#include "lib/process/child.h"
#include "lib/base/error.h"
#include "lib/base/bytes.h"
#include "lib/model/text_ir.h"
#include "lib/verify/report.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

InputTexts texts_of(const std::vector<c10::IValue>& inputs) {
  InputTexts texts;
  for (const c10::IValue& input : inputs) {
    const auto text = input_text_of(input);
    if (!text) {
      throw Error(ErrorKind::usage,
                  fmt::format("input {} ({}) cannot be written as --input", texts.size(), input.tagKind()));
    }
    texts.push_back(*text);
  }
  return texts;
}

// What a child finds out: inputs, as many sets as differ, calls. The graph goes into `file`.
Json prepare(const StartRequest& request, const Pipeline& before, const std::string& file) {
  const VerifyTarget target = request.target();
  Unit unit = target.open();
  const auto& sets = target.observe.input_sets;
  before.run(unit, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = target.device});
  const GraphPtr graph = standalone_graph(unit);
  write_ir(*graph, file);
  Json found = {{"sets", std::max<size_t>(sets.size(), 1)}, {"calls", target.observe.calls}, {"inputs", nullptr}};
  if (!sets.empty()) {
    found["inputs"] = request.given.size() == sets.front().size() ? request.given : texts_of(sets.front());
  }
  return found;
}

// Index of the pass that fails. Throws Error(check) where none does.
size_t find_failure(const StartRequest& request, ReduceCondition& condition) {
  SweepSettings sweep;
  sweep.target = request.target;
  sweep.limit = request.trial.limit;
  check_start(sweep);
  const std::vector<PassVerdict> verdicts = verify_in_child(request.passes, sweep);
  if (condition.kind == ReduceCondition::Kind::same) {
    const auto failure = std::ranges::find_if(verdicts, is_failure);
    condition.text = failure != verdicts.end() ? failure_signature(*failure) : "";
  }
  const PassVerdict* shown = find_shown(condition, verdicts);
  if (shown == nullptr) {
    std::string summary = verdict_summary(verdicts);
    summary.pop_back();
    throw Error(ErrorKind::check, fmt::format("nothing to reduce: the failure does not show with --passes {} ({})",
                                              request.passes.text(), summary));
  }
  return static_cast<size_t>(shown - verdicts.data());
}

} // namespace

Candidate candidate_after(const StartRequest& request, const Pipeline& before, const Pipeline& rest) {
  const std::string file = request.folder + "/start.ir";
  Json found;
  const ChildEnd end = run_in_child(
      [&](const LineSink& send) {
        discard_output();
        try {
          send(prepare(request, before, file).dump(-1, ' ', false, Json::error_handler_t::replace));
        } catch (const std::exception& error) {
          send(Json{{"error", one_line(error)}}.dump(-1, ' ', false, Json::error_handler_t::replace));
        }
      },
      [&](const std::string& line) { found = Json::parse(line); }, request.trial.limit);
  if (end.kind != ChildEnd::Kind::finished || found.contains("error")) {
    throw Error(ErrorKind::check, end.kind == ChildEnd::Kind::finished ? found["error"].get<std::string>() : end.what);
  }
  Candidate candidate{.graph = parse_ir(Bytes::open(file)->text(), file),
                      .inputs = {},
                      .pipeline = rest,
                      .sets = found["sets"],
                      .calls = found["calls"],
                      .seen = {}};
  if (!found["inputs"].is_null()) {
    candidate.inputs = found["inputs"].get<InputTexts>();
  }
  return candidate;
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
        auto verdicts = try_passes(candidate, request.trial);
        if (find_shown(condition, verdicts) != nullptr) {
          return {std::move(candidate), before.text(), std::move(verdicts)};
        }
        why = why.empty() ? "as a graph of its own it does not fail" : why;
      } catch (const Error& error) {
        why = why.empty() ? error.what() : why;
      }
    }
  }
  throw Error(ErrorKind::check, fmt::format("the failure shows, but on no graph that stands for itself: {}", why));
}

Start plain_start(const StartRequest& request) {
  return {candidate_after(request, Pipeline(), Pipeline()), "", {}};
}

} // namespace tsir
