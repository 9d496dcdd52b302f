// tsir dot: draws a graph, as DOT text or rendered.
#include "lib/render/dot/job.h"
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
  std::string passes;
  std::string output;
  std::string rankdir = "TB";
  bool no_inline = false;
  bool no_types = false;
  bool no_legend = false;
  bool checks = false;
  bool force = false;
};

DrawJob job_of(const DotOptions& options, const Session& session) {
  DrawJob job{.workload = make_workload(session, options.model, options.input, options.execution),
              .passes = Pipeline::parse(options.passes, session.registry),
              .draw = options.draw,
              .dot = {.legend = !options.no_legend, .left_to_right = options.rankdir == "LR"},
              .output = options.output == "-" ? "" : options.output,
              .force = options.force};
  job.draw.inline_calls = !options.no_inline;
  job.draw.build.types = !options.no_types;
  job.draw.build.fold_checks = !options.checks;
  return job;
}

int run_dot(const DotOptions& options, const Session& session) {
  const DrawJob job = job_of(options, session);
  const DrawOutcome outcome =
      draw(job, {.warn = warn_once, .notes = [](const std::string& text) { std::fputs(text.c_str(), stderr); }});
  if (!outcome.too_large.empty()) {
    std::fprintf(stderr, "tsir: warning: %s\n", outcome.too_large.c_str());
  }
  if (!outcome.graphviz_warning.empty()) {
    std::fprintf(stderr, "tsir: Graphviz warns: %s\n", outcome.graphviz_warning.c_str());
  }
  if (job.output.empty()) {
    write_results(session, outcome.content);
  }
  return 0;
}

void add_appearance_options(CLI::App& sub, DotOptions& options) {
  DrawSettings& draw = options.draw;
  sub.add_flag("--fold-constants", draw.build.fold_constants,
               "Show constants in the labels of the operators that use them, instead of as boxes");
  sub.add_flag("--fold-parameters", draw.build.fold_parameters,
               "Show weights and other attributes in these labels as well");
  auto* collapse =
      sub.add_flag("--collapse{1}", draw.collapse,
                   "Draw one box for each submodule; --collapse=2 for submodules of submodules, and so on");
  collapse->check(CLI::PositiveNumber);
  sub.add_flag("--no-inline", options.no_inline, "Draw the method's own graph, with calls of submodules as boxes")
      ->excludes(collapse);
  auto* around = sub.add_option("--around", draw.around, "Draw only what is near this value, named as in `tsir dump`")
                     ->type_name("%VALUE");
  sub.add_option("--depth", draw.depth, "Distance from that value, in edges")->needs(around)->capture_default_str();
  sub.add_flag("--checks", options.checks,
               "Draw in full the branches that only raise an error, instead of as one box each");
  sub.add_flag("--no-types,!--types", options.no_types, "Label edges with names only, without types and shapes");
  sub.add_flag("--no-legend,!--legend", options.no_legend, "Leave out the legend of shapes and colours");
  sub.add_option("--rankdir", options.rankdir, "Direction of the drawing: top to bottom, or left to right")
      ->check(CLI::IsMember({"TB", "LR"}))
      ->capture_default_str();
  sub.add_option("--title", draw.build.title, "Title of the drawing (default: file, method and passes)");
  sub.add_flag("--force", options.force, "Render the drawing even if it is too large to be read");
}

} // namespace

void add_dot(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(
      app, "dot", "Draw a graph as DOT text, SVG, PNG or PDF",
      "Prints DOT text, or writes FILE.dot, .svg, .png or .pdf with -o.\n"
      "None of the model's code is run, unless --passes has passes that run operators (freeze, constant propagation) "
      "or that need a run of the model (profiled passes): then the module is loaded fully.");
  auto options = std::make_shared<DotOptions>();
  options->model.add_to(*sub, "A .pt or .ff module, or .ir graph; - for standard input");
  sub->add_option("-p,--passes", options->passes, "Passes to run first: 'freeze,fuse'; `tsir passes` lists them")
      ->type_name("PASSES");
  sub->add_option("-o", options->output, "Write to FILE; .dot or .gv: text; .svg, .png or .pdf: rendered")
      ->type_name("FILE");
  add_appearance_options(*sub, *options);
  options->input.add_to(*sub);
  options->execution.add_to(*sub, /*with_executor=*/false);
  set_command(*sub, command, options, run_dot);
}

} // namespace tsir::tool
