// tsir dot: draws a graph, as DOT text or rendered.
#include "lib/base/setting.h"
#include "lib/render/dot/job.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/progress.h"
#include "tools/tsir/workload_options.h"

#include <cstdio>

namespace tsir::tool {
namespace {

struct DotOptions {
  ModelOptions model;
  InputOptions input;
  ExecutionOptions execution;
  DrawSettings draw;
  std::string passes;
  std::string output;
  std::string rankdir = "TB";
  bool no_inline = false;
  bool no_types = false;
  bool no_legend = false;
  bool checks = false;
  bool full = false;
  bool before_after = false;
  std::string color_by;
  size_t most_boxes = most_readable;
  double layout_seconds = 0; // 0: not given
};

// Without any of these flags, the level of detail is chosen.
bool is_automatic(const DotOptions& options) {
  const bool whole = options.draw.collapse == 0 && !options.no_inline && options.draw.around.empty();
  return !options.full && (whole || options.before_after);
}

DrawJob job_of(const DotOptions& options, const Session& session) {
  DrawJob job{.workload = make_workload(session, options.model, options.input, options.execution),
              .passes = Pipeline::parse(options.passes, session.registry),
              .draw = options.draw,
              .before_after = options.before_after,
              .color_by = options.color_by.empty() ? std::nullopt : std::optional(parse_measure(options.color_by)),
              .dot = {.legend = !options.no_legend, .left_to_right = options.rankdir == "LR"},
              .output = options.output == "-" ? "" : options.output};
  job.draw.inline_calls = !options.no_inline;
  job.draw.build.types = !options.no_types;
  job.draw.build.fold_checks = !options.checks && !options.full;
  job.most_boxes = is_automatic(options) ? std::optional(options.most_boxes) : std::nullopt;
  const double seconds = options.layout_seconds > 0 ? options.layout_seconds : options.full ? 60 : 8;
  job.layout_limit = nanoseconds_of(seconds);
  return job;
}

// The command that was given, for a finer drawing.
std::string finer_command(const Session& session, std::optional<size_t> most_boxes) {
  Invocation finer(session.given.subcommand(), session.given.file());
  for (const Invocation::Argument& argument : session.given.arguments()) {
    if (argument.name != spelled(Setting::most_boxes)) {
      argument.value ? finer.add(argument.name, *argument.value) : finer.add_flag(argument.name);
    }
  }
  most_boxes ? finer.add(spelled(Setting::most_boxes), std::to_string(*most_boxes))
             : finer.add_flag(spelled(Setting::full));
  return finer.line();
}

void print_notes(const DrawOutcome& outcome) {
  if (!outcome.level.empty()) {
    std::fprintf(stderr, "tsir: level of detail: %s\ntsir: finer: %s\n", outcome.level.c_str(), outcome.finer.c_str());
  }
  if (!outcome.simplified.empty()) {
    std::fprintf(stderr, "tsir: warning: %s\n", outcome.simplified.c_str());
  }
  if (!outcome.graphviz_warning.empty()) {
    std::fprintf(stderr, "tsir: Graphviz warns: %s\n", outcome.graphviz_warning.c_str());
  }
}

DrawOutcome draw_with_progress(const DrawJob& job, const Session& session) {
  ProgressLine progress;
  return draw(job, {.warn = warn_once,
                    .notes = [](const std::string& text) { std::fputs(text.c_str(), stderr); },
                    .progress = [&](const std::string& text) { progress.draw(text); },
                    .finer_command = [&](std::optional<size_t> most) { return finer_command(session, most); }});
}

int run_dot(const DotOptions& options, const Session& session) {
  const DrawJob job = job_of(options, session);
  const DrawOutcome outcome = draw_with_progress(job, session);
  print_notes(outcome);
  if (job.output.empty()) {
    write_results(session, outcome.content);
  }
  return 0;
}

void add_detail_options(CLI::App& sub, DotOptions& options, CLI::Option* before_after, CLI::Option* color) {
  DrawSettings& draw = options.draw;
  auto* most =
      sub.add_option("--max-boxes", options.most_boxes, "Choose the finest level of detail with at most so many boxes")
          ->type_name("N")
          ->check(CLI::Range(size_t{10}, size_t{1'000'000}))
          ->capture_default_str();
  auto* full =
      sub.add_flag("--full", options.full, "Draw every operator, constant, weight and check, whatever the size")
          ->excludes(most);
  sub.add_option("--layout-limit", options.layout_seconds,
                 "Draw without labels of edges, then in rows, if the layout takes longer (default: 8, with --full 60)")
      ->type_name("SECONDS")
      ->check(positive_seconds());
  sub.add_flag("--fold-constants", draw.build.fold_constants,
               "Show constants in the labels of the operators that use them, instead of as boxes");
  sub.add_flag("--fold-parameters", draw.build.fold_parameters,
               "Show weights and other attributes in these labels as well");
  auto* collapse =
      sub.add_flag("--collapse{1}", draw.collapse,
                   "Draw one box for each submodule; --collapse=2 for submodules of submodules, and so on");
  collapse->check(CLI::PositiveNumber)->excludes(full)->excludes(most)->excludes(before_after);
  sub.add_flag("--no-inline", options.no_inline, "Draw the method's own graph, with calls of submodules as boxes")
      ->excludes(collapse)
      ->excludes(color)
      ->excludes(most);
  auto* around = sub.add_option("--around", draw.around, "Draw only what is near this value, named as in `tsir dump`")
                     ->type_name("%VALUE")
                     ->excludes(most)
                     ->excludes(before_after);
  sub.add_option("--depth", draw.depth, "Distance from that value, in edges")->needs(around)->capture_default_str();
  sub.add_flag("--checks", options.checks,
               "Draw in full the branches that only raise an error, instead of as one box each");
}

void add_appearance_options(CLI::App& sub, DotOptions& options) {
  sub.add_flag("--no-types,!--types", options.no_types, "Label edges with names only, without types and shapes");
  sub.add_flag("--no-legend,!--legend", options.no_legend, "Leave out the legend of shapes and colours");
  sub.add_option("--rankdir", options.rankdir, "Direction of the drawing: top to bottom, or left to right")
      ->check(CLI::IsMember({"TB", "LR"}))
      ->capture_default_str();
  sub.add_option("--title", options.draw.build.title, "Title of the drawing (default: file, method and passes)");
}

} // namespace

void add_dot(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "dot", "Draw a graph as DOT text, SVG, PNG or PDF",
      "Prints DOT text, or writes FILE.dot, .svg, .png or .pdf with -o.\n"
      "A model that is too large to be read is drawn in less detail: weights and sizes in labels, repeated submodules "
      "once, submodules as boxes. The drawing says so, and how to see more.\n"
      "None of the model's code is run, unless --color-by is given, or --passes has passes that run operators (freeze, "
      "constant propagation) "
      "or that need a run of the model (profiled passes): then the module is loaded fully.");
  auto options = std::make_shared<DotOptions>();
  options->model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  auto* passes =
      sub->add_option("-p,--passes", options->passes, "Passes to run first: 'freeze,fuse'; `tsir passes` lists them")
          ->type_name("PASSES");
  auto* before_after = sub->add_flag("--before-after", options->before_after,
                                     "Draw what the passes changed: what went, what came, and what stayed")
                           ->needs(passes);
  auto* color =
      sub->add_option("--color-by", options->color_by,
                      "Run the model on the inputs, and colour operators by the time of a call, by operations (flops), "
                      "by bytes read and written (memory), or by how far results deviate from those before --passes "
                      "(drift)")
          ->check(CLI::IsMember({"time", "flops", "memory", "drift"}))
          ->excludes(before_after);
  sub->add_option("-o", options->output, "Write to FILE; .dot or .gv: text; .svg, .png or .pdf: rendered")
      ->type_name("FILE");
  add_detail_options(*sub, *options, before_after, color);
  add_appearance_options(*sub, *options);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  set_command(*sub, command, options, run_dot);
}

} // namespace tsir::tool
