#include "lib/report/stages.h"

#include "lib/base/text_diff.h"
#include "lib/diff/diff_report.h"
#include "lib/ir/lint.h"
#include "lib/pass/observers/record.h"
#include "lib/process/phase.h"
#include "lib/process/worker.h"
#include "lib/render/dot/layout.h"
#include "lib/report/page/svg.h"
#include "lib/report/state.h"
#include "lib/run/threads.h"
#include "lib/verify/target.h"

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

// Longer texts are cut: nobody reads them, and the page must stay small.
constexpr size_t most_text = 100'000; // bytes

std::string cut(std::string text) {
  if (text.size() > most_text) {
    text.resize(text.rfind('\n', most_text) == std::string::npos ? most_text : text.rfind('\n', most_text));
    text += "\n… (cut: the whole text is longer)\n";
  }
  return text;
}

// What the child sends. Each field is null if it has nothing to say.
struct StageEvent {
  Json begun = {};   // the index of a pass
  Json pass = {};    // a ReportPass: it has ended
  Json picture = {}; // a ReportPicture
  std::string svg = {};
  std::string progress = {};
  std::string method = {};
  std::string warning = {};
};

void to_json(Json& json, const StageEvent& event) {
  json = {{"begun", event.begun},       {"pass", event.pass},     {"picture", event.picture}, {"svg", event.svg},
          {"progress", event.progress}, {"method", event.method}, {"warning", event.warning}};
}

void from_json(const Json& json, StageEvent& event) {
  event = {json.at("begun"),    json.at("pass"),   json.at("picture"), json.at("svg"),
           json.at("progress"), json.at("method"), json.at("warning")};
}

using Send = EventSink<StageEvent>;

// In the child.
class StageObserver : public Observer {
public:
  StageObserver(const ReportJob& job, const StageSettings& settings, const RecordObserver& record,
                const RunSettings& run, const Send& send)
      : job_(job), settings_(settings), record_(record), run_(run), send_(send), next_(settings.first_picture) {}

  void before_pipeline(Unit& unit) override {
    send_({.method = shown_method(job_.workload.source, unit)});
    current_ = look_at(unit, "the start");
    picture_ = settings_.start_picture >= 0 ? settings_.start_picture : draw(current_, "the start");
  }

  void before_pass(const PassEvent& event, Unit&) override { send_({.begun = event.index}); }

  void after_pass(const PassEvent& event, Unit& unit) override {
    ReportPass pass = begun(event);
    const PassRecord& record = record_.records().back();
    pass.changed = event.changed;
    pass.note = event.note;
    pass.analysis = cut(event.report);
    pass.nodes_before = record.nodes_before;
    pass.nodes_after = record.nodes_after;
    pass.operators.assign(record.operators.begin(), record.operators.end());
    executable_ = executable_ && event.use.row->executable;
    if (event.changed) {
      check(unit, pass);
      add_change(unit, pass);
    }
    send_({.pass = pass});
  }

  void pass_failed(const PassEvent& event, Unit&, const std::string& what) override {
    ReportPass pass = begun(event);
    pass.failure = what;
    send_({.pass = pass});
  }

private:
  static ReportPass begun(const PassEvent& event) {
    ReportPass pass;
    pass.name = event.use.row->name;
    pass.use = event.use.text();
    pass.passes = event.pipeline_text;
    pass.seconds = std::chrono::duration<double>(event.duration).count();
    return pass;
  }

  static void check(const Unit& unit, ReportPass& pass) {
    try {
      lint(*unit.graph());
    } catch (const std::exception& error) {
      pass.verdict_detail = "LibTorch's check of the resulting graph fails: " + one_line(error);
    }
  }

  UnitState look_at(const Unit& unit, const std::string& what) {
    const Phase phase("looking at " + what);
    UnitState state = state_of(unit, {.inputs = executable_ ? run_.inputs : nullptr,
                                      .grad = run_.grad,
                                      .draw = settings_.draw,
                                      .most_boxes = job_.most_boxes,
                                      .time_seconds = settings_.draw ? settings_.time_seconds : 0});
    if (!state.problem.empty()) {
      send_({.warning = fmt::format("no types and costs after {}: {}", what, state.problem)});
    }
    return state;
  }

  void add_change(const Unit& unit, ReportPass& pass) {
    UnitState next = look_at(unit, pass.use);
    pass.diff = cut(unified_diff(current_.text, next.text, /*color=*/false));
    const DiffReport difference{"before", "after", diff_graphs(*current_.graph, *next.graph, {.types = false}), {}};
    pass.nodes = difference.empty() ? "" : cut(diff_text(difference, /*color=*/false));
    if (settings_.draw) {
      pass.before = picture_;
      pass.after = draw(next, pass.use);
      pass.partners = partners_of(current_, next);
      picture_ = pass.after;
    }
    current_ = std::move(next);
  }

  // Returns the number of the picture; -1 if nothing is drawn.
  int draw(const UnitState& state, const std::string& what) {
    if (!settings_.draw) {
      return -1;
    }
    send_({.progress = "drawing the graph after " + what});
    ReportPicture picture;
    picture.level = state.drawing.everything ? "" : state.drawing.level;
    picture.boxes = state.boxes;
    picture.frames = state.frames;
    std::string svg;
    try {
      const Rendered rendered = lay_out(state.drawing.drawing, "svg", {.legend = false}, {.limit = job_.layout_limit});
      picture.note = rendered.simplified;
      svg = reduced_svg(rendered.bytes);
    } catch (const Error& error) {
      picture.note = error.what();
    }
    send_({.picture = picture, .svg = svg});
    return static_cast<int>(next_++);
  }

  const ReportJob& job_;
  const StageSettings& settings_;
  const RecordObserver& record_;
  const RunSettings run_;
  const Send& send_;
  size_t next_;
  bool executable_ = true;
  int picture_ = -1; // of the current state
  UnitState current_;
};

void run_in_child(const ReportJob& job, const Pipeline& passes, const StageSettings& settings, const Send& send) {
  const bool inputs = gives_inputs(job.workload);
  const VerifyTarget target =
      make_target(job.workload, *job.registry, passes, {.run = inputs, .load = inputs, .inputs = inputs});
  RecordObserver record;
  StageObserver stages(job, settings, record, target.run_settings(), send);
  Observer* const observers[] = {&stages, &record}; // after a pass the last is called first
  Unit unit = target.open();
  try {
    passes.run(unit, target.run_settings(), observers);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::pass) { // a failed pass has been reported
      throw;
    }
  }
}

// In this process.
class StageCollector {
public:
  StageCollector(const Pipeline& passes, const ReportHooks& hooks) : passes_(passes), hooks_(hooks) {}

  void add(const StageEvent& event) {
    if (!event.begun.is_null()) {
      begun_ = event.begun.get<size_t>() + 1;
      progress(fmt::format("[{}/{}] {}", begun_, passes_.uses().size(), passes_.uses()[begun_ - 1].text()));
    }
    if (!event.pass.is_null()) {
      stages.passes.push_back(event.pass.get<ReportPass>());
    }
    if (!event.picture.is_null()) {
      stages.pictures.push_back(event.picture.get<ReportPicture>());
      stages.pictures.back().svg = event.svg;
    }
    if (!event.method.empty()) {
      stages.method = event.method;
    }
    if (!event.warning.empty()) {
      stages.warnings.push_back(event.warning);
    }
    progress(event.progress);
  }

  // The pass that was running has no result. Throws Error(crash) if none was.
  void add_death(const WorkerDeath& death) {
    if (begun_ == 0) {
      throw Error(ErrorKind::crash, "LibTorch crashed before the first pass: " + death.what);
    }
    if (stages.passes.size() < begun_) {
      const PassUse& use = passes_.uses()[begun_ - 1];
      ReportPass pass;
      pass.name = use.row->name;
      pass.use = use.text();
      pass.passes = passes_.text(begun_);
      stages.passes.push_back(std::move(pass));
    }
    stages.passes.back().failure = death.what;
  }

  Stages stages;

private:
  void progress(const std::string& what) const {
    if (hooks_.progress && !what.empty()) {
      hooks_.progress(what);
    }
  }

  const Pipeline& passes_;
  const ReportHooks& hooks_;
  size_t begun_ = 0; // passes
};

} // namespace

Stages run_stages(const ReportJob& job, const Pipeline& passes, const StageSettings& settings,
                  const ReportHooks& hooks) {
  StageCollector collector(passes, hooks);
  WorkerSettings worker;
  worker.limit = job.pass_limit;
  worker.discard_output = true;
  const auto result = in_worker<void, StageEvent>(
      worker, [&](const Send& send) { run_in_child(job, passes, settings, send); },
      [&](const StageEvent& event) { collector.add(event); });
  if (const auto* death = std::get_if<WorkerDeath>(&result)) {
    collector.add_death(*death);
  } else {
    value_or_throw(result);
  }
  return std::move(collector.stages);
}

} // namespace tsir
