// tsir dot: draws a graph, as DOT text or rendered.
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/units.h"
#include "lib/ir/walk.h"
#include "lib/pass/observers/note.h"
#include "lib/process/phase.h"
#include "lib/render/dot/build.h"
#include "lib/render/dot/collapse.h"
#include "lib/render/dot/focus.h"
#include "lib/render/dot/graphviz.h"
#include "lib/run/threads.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

// Beyond these a drawing cannot be read, and the layout of a rendered one takes minutes.
constexpr size_t most_rendered = 1000;
constexpr size_t most_text = 3000;

struct DotOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  BuildSettings build;
  DotSettings dot;
  std::string passes;
  std::string output;
  std::string around;
  size_t depth = 3;
  size_t collapse = 0; // 0: not
  std::string rankdir = "TB";
  bool no_inline = false;
  bool no_types = false;
  bool no_legend = false;
  bool checks = false;
  bool force = false;
};

// "dot" or one of render_formats(), by the ending of the file's name.
std::string format_of(const std::string& output) {
  if (output.empty() || output == "-") {
    return "dot";
  }
  std::string ending = std::filesystem::path(output).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".dot" || ending == ".gv") {
    return "dot";
  }
  for (const std::string& format : render_formats()) {
    if (ending == "." + format) {
      return format;
    }
  }
  throw Error(ErrorKind::usage, fmt::format("-o {}: the name must end in .dot or .gv (text), or .{} (rendered)", output,
                                            fmt::join(render_formats(), ", .")));
}

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

GraphPtr graph_to_draw(const DotOptions& options, const Unit& unit) {
  if (options.collapse > 0) {
    return inlined_to_level(*unit.graph(), options.collapse);
  }
  return options.no_inline ? unit.graph() : inlined(*unit.graph());
}

Drawing draw(const DotOptions& options, const Pipeline& pipeline, const Unit& unit) {
  BuildSettings settings = options.build;
  settings.types = !options.no_types;
  settings.fold_checks = !options.checks;
  settings.module = unit.has_module() ? &unit.module() : nullptr;
  if (settings.title.empty()) {
    settings.title =
        options.model.file == "-" ? "standard input" : std::filesystem::path(options.model.file).filename().string();
    settings.title += unit.has_module() ? " · " + unit.name() : "";
    settings.title += pipeline.empty() ? "" : " · after " + pipeline.text();
  }
  Drawing drawing = build_drawing(*graph_to_draw(options, unit), settings);
  if (options.collapse > 0) {
    if (!names_submodules(drawing)) {
      throw Error(ErrorKind::usage, "--collapse: this graph calls no submodules, and does not say which submodules its "
                                    "operators came from");
    }
    drawing = collapsed(drawing, options.collapse);
  }
  return options.around.empty() ? drawing : around(drawing, options.around, options.depth);
}

void check_size(const DotOptions& options, const Drawing& drawing, const std::string& format) {
  const size_t count = drawing.boxes.size();
  const size_t limit = format == "dot" ? most_text : most_rendered;
  if (count <= limit || options.force) {
    return;
  }
  const auto line = fmt::format(
      "{} has {} boxes to draw: too many to draw usefully (more than {}); use --fold-constants --fold-parameters, "
      "--collapse, or --around %value --depth N",
      options.model.file, human_count(count), human_count(limit));
  if (format != "dot") {
    throw Error(ErrorKind::usage, line + ", or --force");
  }
  std::fprintf(stderr, "tsir: warning: %s\n", line.c_str());
}

int run_dot(const DotOptions& options, const Session& session) {
  const Pipeline pipeline = Pipeline::parse(options.passes, session.registry);
  const std::string format = format_of(options.output);
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file) {
    check_writable(options.output);
  }
  const Unit unit = unit_to_draw(options, pipeline, session);

  const Phase phase(fmt::format("drawing {}", options.model.file));
  const Drawing drawing = draw(options, pipeline, unit);
  check_size(options, drawing, format);
  DotSettings settings;
  settings.legend = !options.no_legend;
  settings.left_to_right = options.rankdir == "LR";
  std::string content;
  if (format == "dot") {
    content = to_dot(drawing, settings);
  } else {
    Rendered rendered = render(drawing, format, settings);
    content = std::move(rendered.bytes);
    if (!rendered.warning.empty()) {
      std::fprintf(stderr, "tsir: Graphviz warns: %s\n", rendered.warning.c_str());
    }
  }
  if (to_file) {
    write_file(options.output, content);
  } else {
    write_results(session, content);
  }
  return 0;
}

void add_looks(CLI::App& sub, DotOptions& options) {
  sub.add_flag("--fold-constants", options.build.fold_constants,
               "Constants in the labels of the operators that use them, instead of notes beside them");
  sub.add_flag("--fold-parameters", options.build.fold_parameters, "Weights and other attributes likewise");
  auto* collapse = sub.add_flag("--collapse{1}", options.collapse,
                                "One box a submodule; --collapse=2 for submodules of submodules, and so on");
  collapse->check(CLI::PositiveNumber);
  sub.add_flag("--no-inline", options.no_inline, "The method's own graph, with calls of submodules as boxes")
      ->excludes(collapse);
  auto* around = sub.add_option("--around", options.around, "Only what lies around this value, named as in `tsir dump`")
                     ->type_name("%VALUE");
  sub.add_option("--depth", options.depth, "How many edges from it")->needs(around)->capture_default_str();
  sub.add_flag("--checks", options.checks,
               "Branches that do nothing but raise an error in full, instead of one box each");
  sub.add_flag("--no-types,!--types", options.no_types, "Names only on edges, without types and shapes");
  sub.add_flag("--no-legend,!--legend", options.no_legend, "No explanation of shapes and colours");
  sub.add_option("--rankdir", options.rankdir, "Top to bottom, or left to right")
      ->check(CLI::IsMember({"TB", "LR"}))
      ->capture_default_str();
  sub.add_option("--title", options.build.title, "Instead of file, method and passes");
  sub.add_flag("--force", options.force, "Render even what is too large to be read");
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
  sub->add_option("-o", options->output, "FILE.dot or .gv: text; FILE.svg, .png, .pdf: rendered")->type_name("FILE");
  add_looks(*sub, *options);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  sub->final_callback(
      [options, &command] { command = [options](const Session& session) { return run_dot(*options, session); }; });
}

} // namespace tsir::tool
