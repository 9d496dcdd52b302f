#include "lib/verify/sweep.h"

#include "lib/process/child.h"
#include "lib/base/error.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// What the child sends: {"begin": index}, {"verdict": …}, or {"error": "…", "kind": 2}.
class Listener {
public:
  Listener(const Pipeline& pipeline, const SweepSettings& settings) : pipeline_(pipeline), settings_(settings) {}
  void line(const std::string& text);
  // What became of the pass that was at work when the child ended early.
  void ended(const ChildEnd& end);
  std::vector<PassVerdict> verdicts;

private:
  void add(PassVerdict verdict);
  const Pipeline& pipeline_;
  const SweepSettings& settings_;
  size_t begun_ = 0; // passes begun
};

void Listener::add(PassVerdict verdict) {
  if (settings_.on_verdict) {
    settings_.on_verdict(verdict);
  }
  verdicts.push_back(std::move(verdict));
}

void Listener::line(const std::string& text) {
  const Json json = Json::parse(text);
  if (json.contains("begin")) {
    begun_ = json["begin"].get<size_t>() + 1;
  } else if (json.contains("verdict")) {
    add(verdict_from_json(json["verdict"]));
  } else {
    throw Error(static_cast<ErrorKind>(json["kind"].get<int>()), json["error"].get<std::string>());
  }
}

void Listener::ended(const ChildEnd& end) {
  if (end.kind == ChildEnd::Kind::finished) {
    return;
  }
  if (begun_ == 0 || pipeline_.empty()) {
    throw Error(ErrorKind::crash, "LibTorch crashed before the first pass: " + end.what);
  }
  // A child that died after a pass's verdict died in what came next of the same pass or in its own end.
  const size_t index = std::min(begun_, pipeline_.uses().size()) - 1;
  const PassUse& use = pipeline_.uses()[index];
  PassVerdict verdict = verdict_about(use, pipeline_.text(index + 1), pipeline_.text(index));
  verdict.verdict = end.kind == ChildEnd::Kind::crashed ? Verdict::crashed : Verdict::timed_out;
  verdict.what = end.what;
  verdict.known = known_defect(*use.row, end.what);
  if (!verdicts.empty() && verdicts.size() == begun_) {
    verdicts.pop_back();
  }
  add(std::move(verdict));
}

std::string error_line(const Error& error) {
  return Json{{"error", error.what()}, {"kind", static_cast<int>(error.kind())}}.dump(
      -1, ' ', false, Json::error_handler_t::replace); // what a model says need not be UTF-8
}

void verify(const Pipeline& pipeline, const VerifyTarget& target, const LineSink& send) {
  BehaviourObserver observer(
      target,
      [&](const PassEvent& event) {
        send(Json{{"begin", event.index}}.dump());
      },
      [&](const PassVerdict& verdict) {
        send(Json{{"verdict", to_json(verdict)}}.dump(-1, ' ', false, Json::error_handler_t::replace));
      });
  Observer* const observers[] = {&observer};
  Unit unit = target.open();
  const auto& sets = target.observe.input_sets;
  try {
    pipeline.run(unit, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = target.device}, observers);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::pass) { // a failed pass has its verdict already
      throw;
    }
  }
}

ChildEnd in_child(const SweepSettings& settings, const std::function<void(const VerifyTarget&, const LineSink&)>& work,
                  const LineSink& on_line) {
  return run_in_child(
      [&](const LineSink& send) {
        discard_output();
        try {
          const VerifyTarget target = settings.target();
          work(target, send);
        } catch (const Error& error) {
          send(error_line(error));
        }
      },
      on_line, settings.limit);
}

} // namespace

void check_start(const SweepSettings& settings) {
  const Pipeline none;
  Listener listener(none, settings);
  const ChildEnd end = in_child(
      settings,
      [](const VerifyTarget& target, const LineSink&) {
        const Unit unit = target.open();
        for (const CallObservation& call : observe(unit, target.observe)) {
          if (!call.error.empty()) {
            throw Error(ErrorKind::check, call.error);
          }
        }
      },
      [&](const std::string& text) { listener.line(text); });
  if (end.kind == ChildEnd::Kind::timed_out) {
    throw Error(ErrorKind::check, "the unit as it came " + end.what + "; --pass-time-limit SECONDS allows more");
  }
  if (end.kind == ChildEnd::Kind::crashed) {
    throw Error(ErrorKind::crash, "LibTorch crashed on the unit as it came: " + end.what);
  }
}

std::vector<PassVerdict> verify_in_child(const Pipeline& pipeline, const SweepSettings& settings) {
  Listener listener(pipeline, settings);
  const ChildEnd end = in_child(
      settings, [&](const VerifyTarget& target, const LineSink& send) { verify(pipeline, target, send); },
      [&](const std::string& text) { listener.line(text); });
  listener.ended(end);
  return std::move(listener.verdicts);
}

} // namespace tsir
