// tsir dot: draws a graph, as DOT text or rendered.
#include "lib/base/output_file.h"
#include "lib/pass/observers/note.h"
#include "lib/process/phase.h"
#include "lib/render/dot/draw.h"
#include "lib/render/dot/output.h"
#include "lib/run/threads.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct DotOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  DrawSettings draw;
  DotSettings dot;
  std::string passes;
  std::string output;
  std::string rankdir = "TB";
  bool force = false;
};

// The unit after the passes.
Unit unit_to_draw(const DotOptions& options, const Pipeline& pipeline, const Session& session) {
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  set_threads(workload.threads);
  Prepared prepared = prepare(workload, pipeline, {}, warn_once);
  NoteObserver notes([](const std::string& text) { std::fputs(text.c_str(), stderr); });
  const std::array<Observer*, 1> observers = {&notes};
  pipeline.run(prepared.unit, prepared.run_settings(), observers);
  return std::move(prepared.unit);
}

Drawing drawing_of(const DotOptions& options, const Pipeline& pipeline, const Unit& unit) {
  DrawSettings settings = options.draw;
  settings.build.module = unit.has_module() ? &unit.module() : nullptr;
  if (settings.build.title.empty()) {
    settings.build.title = drawing_title(options.model.file, unit.has_module() ? unit.name() : "",
                                         pipeline.empty() ? "" : pipeline.text());
  }
  return draw(*unit.graph(), settings);
}

std::string content_of(const DotOptions& options, const Drawing& drawing, const std::string& format) {
  if (!options.force) {
    const std::string warning = check_drawing_size(drawing, format, options.model.file);
    if (!warning.empty()) {
      std::fprintf(stderr, "tsir: warning: %s\n", warning.c_str());
    }
  }
  DotSettings settings = options.dot;
  settings.left_to_right = options.rankdir == "LR";
  Rendered rendered = write_drawing(drawing, format, settings);
  if (!rendered.warning.empty()) {
    std::fprintf(stderr, "tsir: Graphviz warns: %s\n", rendered.warning.c_str());
  }
  return std::move(rendered.bytes);
}

int run_dot(const DotOptions& options, const Session& session) {
  const Pipeline pipeline = Pipeline::parse(options.passes, session.registry);
  const std::string format = drawing_format(options.output);
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file) {
    check_writable(options.output);
  }
  const Unit unit = unit_to_draw(options, pipeline, session);

  const Phase phase(fmt::format("drawing {}", options.model.file));
  const std::string content = content_of(options, drawing_of(options, pipeline, unit), format);
  if (to_file) {
    write_file(options.output, content);
  } else {
    write_results(session, content);
  }
  return 0;
}

void add_appearance_options(CLI::App& sub, DotOptions& options) {
  DrawSettings& draw = options.draw;
  sub.add_flag("--fold-constants", draw.build.fold_constants,
               "Show constants in the labels of the operators that use them, instead of as notes beside them");
  sub.add_flag("--fold-parameters", draw.build.fold_parameters,
               "Show weights and other attributes in these labels as well");
  auto* collapse =
      sub.add_flag("--collapse{1}", draw.collapse,
                   "Draw one box for each submodule; --collapse=2 for submodules of submodules, and so on");
  collapse->check(CLI::PositiveNumber);
  sub.add_flag("--no-inline{false}", draw.inline_calls,
               "Draw the method's own graph, with calls of submodules as boxes")
      ->excludes(collapse);
  auto* around = sub.add_option("--around", draw.around,
                                "Draw only the part of the graph around this value, named as in `tsir dump`")
                     ->type_name("%VALUE");
  sub.add_option("--depth", draw.depth, "With --around: distance from the value, in edges")
      ->needs(around)
      ->capture_default_str();
  sub.add_flag("--checks{false}", draw.build.fold_checks,
               "Draw branches that only raise an error in full, instead of as one box each");
  sub.add_flag("--no-types{false},--types{true}", draw.build.types,
               "Label edges with names only, without types and shapes");
  sub.add_flag("--no-legend{false},--legend{true}", options.dot.legend, "Leave out the legend of shapes and colours");
  sub.add_option("--rankdir", options.rankdir, "Direction of the drawing: top to bottom, or left to right")
      ->check(CLI::IsMember({"TB", "LR"}))
      ->capture_default_str();
  sub.add_option("--title", draw.build.title, "Title of the drawing (default: file, method and passes)");
  sub.add_flag("--force", options.force, "Render the drawing even if it is too large to read");
}

} // namespace

void add_dot(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "dot", "Draw a graph as DOT text, SVG, PNG or PDF",
      "Prints DOT text, or writes FILE.dot, .svg, .png or .pdf with -o.\n"
      "None of the model's code is run, unless --passes has passes that run operators (freeze, constant propagation) "
      "or that need a run of the model (profiled passes): then the module is loaded fully.");
  auto options = std::make_shared<DotOptions>();
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes, "Passes to run first: 'freeze,fuse'; `tsir passes` lists them")
      ->type_name("PASSES");
  sub->add_option("-o", options->output,
                  "Output file: FILE.dot or .gv for text; FILE.svg, .png or .pdf for a rendered drawing")
      ->type_name("FILE");
  add_appearance_options(*sub, *options);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_dot(*options, session); }; });
}

} // namespace tsir::tool
