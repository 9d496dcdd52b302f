// tsir dump: what is in a file. Runs none of the model's code, but for --optimized.
#include "lib/archive/identify.h"
#include "lib/base/error.h"
#include "lib/ir/text/print.h"
#include "lib/ir/walk.h"
#include "lib/model/text_ir.h"
#include "lib/process/phase.h"
#include "lib/run/threads.h"
#include "tools/tsir/dump_view.h"
#include "tools/tsir/help_format.h"
#include "tools/tsir/workload_options.h"

#include <torch/csrc/jit/runtime/graph_executor.h>

namespace tsir::tool {
namespace {

void show(const DumpView& view, const DumpOptions& options, const Session& session) {
  write_report(
      session, options.json, [&] { return dump_json(view); }, [&] { return dump_text(view); });
}

// Files that hold something to show even where this LibTorch cannot compile it.
bool has_parts(FileKind kind) {
  return kind == FileKind::torchscript || kind == FileKind::torchscript_legacy || kind == FileKind::lite_interpreter;
}

int dump_module(const std::shared_ptr<const Bytes>& bytes, const FileIdentity& identity, const DumpOptions& options,
                const Session& session) {
  std::optional<InspectedModule> looked;
  try {
    const TimeLimit limit(options.model.time_limit());
    looked = inspect(bytes);
  } catch (const Error& error) {
    if (has_parts(identity.kind)) {
      show(view_of_archive(*Archive::open(bytes), identity.description, error.what(), options), options, session);
    }
    throw;
  }
  show(view_of_module(*looked, options), options, session);
  return 0;
}

// A graph, or the module that it belongs to: then the method that the text is about, where none is asked for.
DumpView view_of_text(const Bytes& bytes, DumpOptions options) {
  options.model.file = bytes.path();
  const Unit unit = parse_unit(bytes.text(), bytes.path(),
                               {parse_fill_constants(options.model.fill_constants), options.model.graph, warn_once});
  if (!unit.has_module()) {
    return view_of_graph(*unit.graph(), options);
  }
  InspectedModule looked;
  looked.module = unit.module();
  if (options.model.method.empty()) {
    options.model.method = unit.name();
  }
  return view_of_module(looked, options);
}

// The graph that LibTorch's executor really runs, once it has profiled and compiled.
int dump_optimized(const DumpOptions& options, const Session& session) {
  const Workload workload = make_workload(session, options.model, options.input, options.execution);
  set_threads(workload.threads);
  const Prepared prepared = prepare(workload, Pipeline(), {.run = true}, warn_once);
  const Unit& unit = prepared.unit;

  const Runnable runnable(unit, workload.executor, workload.grad);
  const auto runs = jit::getNumProfiledRuns().load() + 2; // those that profile, the one that compiles, one that uses it
  for (size_t i = 0; i < runs; ++i) {
    const Phase phase(fmt::format("run {} of {} of {}", i + 1, runs, unit.name()));
    runnable.run(*prepared.inputs());
  }
  const GraphPtr plan = runnable.executed_graph();
  DumpView view{.file = options.model.file, .kind = "the plan that LibTorch runs", .sections = {"graph"}};
  view.graphs = {
      {fmt::format("{}, as the {} executor runs it after {} runs", unit.name(), to_string(workload.executor), runs),
       unit.name(), count_nodes(*plan, true), to_text(*plan, {.locations = options.locations})}};
  view.operators_of = unit.name();
  InlinedGraphs inlined;
  view.operators = operators_of(*plan, inlined);
  show(view, options, session);
  return 0;
}

int run_dump(const DumpOptions& options, const Session& session) {
  chosen_sections(options); // refuses a wrong --show before anything is read
  if (options.optimized) {
    return dump_optimized(options, session);
  }
  const Phase phase("opening " + options.model.file);
  options.model.prepare();
  const auto bytes = Bytes::open(options.model.file);
  const FileIdentity identity = identify(*bytes);
  if (identity.kind != FileKind::ir_text) {
    return dump_module(bytes, identity, options, session);
  }
  show(view_of_text(*bytes, options), options, session);
  return 0;
}

} // namespace

void add_dump(CLI::App& app, Command& command) {
  auto* sub = add_subcommand(app, "dump", "Show what a model file contains",
                             "By default, prints a summary (what the model needs and does, its methods, weights and "
                             "operators) and the graph of the method. None of the model's code is run, except with "
                             "--optimized, which loads the model fully and runs it.");
  auto options = std::make_shared<DumpOptions>();
  options->model.add_to(*sub, "A .pt module or .ir graph; - for standard input");
  sub->add_option("-s,--show", options->show,
                  fmt::format("Sections to show, with commas between: {} or all (default: summary,graph)",
                              fmt::join(dump_sections(), ", ")))
      ->delimiter(',')
      ->type_name("SECTION")
      ->allow_extra_args(false);
  sub->add_flag("--no-inline", options->no_inline, "Show calls as they stand, and the graphs of what is called after");
  sub->add_flag("--locations", options->locations, "Say after each node where in the source it comes from");
  sub->add_flag("--values", options->values, "Show the values of attributes and constants, long ones in part");
  sub->add_flag("--optimized", options->optimized,
                "Run the method on inputs under LibTorch's executor, and show the graph that it then really runs");
  options->input.add_to(*sub);
  options->execution.add_to(*sub);
  options->json.add_to(*sub);
  sub->callback(
      [options, &command] { command = [options](const Session& session) { return run_dump(*options, session); }; });
}

} // namespace tsir::tool
