#include "tools/tsir/opt_options.h"

#include "lib/base/error.h"
#include "lib/run/tolerance.h"

namespace tsir::tool {
namespace {

PassFilter filter_of(const OptionalValue& option, const Pipeline& pipeline, const Session& session, Setting from) {
  return option.value.empty() ? PassFilter{.all = option.given, .names = {}}
                              : pass_filter(option.value, pipeline, session.registry, from);
}

ShowChanges changes_of(const OptionalValue& option) {
  if (!option.value.empty() && option.value != "diff") {
    throw Error(ErrorKind::usage, fmt::format("--print-changed={}: only =diff is known", option.value));
  }
  return !option.given ? ShowChanges::no : option.value.empty() ? ShowChanges::graph : ShowChanges::diff;
}

} // namespace

void OptionalValue::add_to(CLI::App& app, const std::string& name, const std::string& label, const std::string& help) {
  // A flag takes its value after '=' only, so that `--compare m.pt` keeps m.pt for FILE.
  auto* flag = app.add_flag(name + "{true}", help);
  flag->option_text(label);
  flag->each([this](const std::string& text) {
    given = true;
    value = text == "true" ? "" : text;
  });
}

OptJob OptOptions::job(const Session& session) const {
  const Pipeline pipeline = Pipeline::parse(passes, session.registry);
  return {.workload = make_workload(session, model, input, execution),
          .pipeline = pipeline,
          .observers = observers(session, pipeline),
          .output = writes_file() ? output : "",
          .allow_different = allow_different,
          .locations = locations,
          .elide = elide,
          .load = !crash_reproducer.empty(),
          .text = json.given || (!writes_file() && !no_graph && !writes_program()),
          .one_graph = json.given || writes_program()};
}

ObserverSettings OptOptions::observers(const Session& session, const Pipeline& pipeline) const {
  const auto limits = compare.value.empty() ? std::vector<std::string>{} : std::vector{compare.value};
  const Tolerance tolerance = parse_tolerances(limits, Setting::compare);
  ObserverSettings settings{.print_before = filter_of(print_before, pipeline, session, Setting::print_before),
                            .print_after = filter_of(print_after, pipeline, session, Setting::print_after),
                            .changes = changes_of(print_changed),
                            .color = session.color_stderr,
                            .compare = compare.given ? std::optional(tolerance) : std::nullopt,
                            .verify_each = verify_each,
                            .quiet = quiet,
                            .dump_folder = dump_dir};
  settings.print_after.all |= print_after_all;
  return settings;
}

void OptOptions::add_to(CLI::App& app) {
  model.add_to(app, "A .pt or .ff module, or .ir graph; - for standard input");
  app.add_option("-p,--passes", passes,
                 "Passes in order: 'freeze{preserved-attrs=a;b},cse,dce'; `tsir passes` lists them")
      ->type_name("PASSES");
  app.add_option("-o", output,
                 "Write the result: FILE.pt for the module, which is loaded back and, if inputs are given, "
                 "must give the outputs of the module as it came; FILE.ir for the graph as text, with the module that "
                 "it needs")
      ->type_name("FILE");
  app.add_option("--emit-cpp", emit_cpp,
                 "Write a C++ header that needs LibTorch only: prepare_model() does to the module what the passes do; "
                 "- for standard output")
      ->type_name("FILE.h");
  app.add_option("--emit-python", emit_python, "Write the same as a Python file, as far as Python reaches the passes")
      ->type_name("FILE.py");
  app.add_flag("--allow-different", allow_different,
               "Write FILE.pt even if its outputs differ from those of the module as it came");
  app.add_flag("--locations", locations, "Show the source location of each node");
  app.add_flag("--elide", elide, "Leave large constants out of FILE.ir, and do not write them to a file beside it");
  app.add_flag("--no-graph", no_graph, "Do not print the graph, only the reports of analyses");
  app.add_flag("--verify-diagnostics", verify_diagnostics,
               "For tests: check that errors and warnings are those that comments of the text expect: "
               "# expected-error {{part of the message}}, # expected-warning {{…}}; exit code 1 if they are not");
  app.add_option("--reproducers", reproducers,
                 "Folder for reproducers of a failed or crashed pass: the unit before the pass, and the command; '' "
                 "for none")
      ->type_name("DIR")
      ->capture_default_str();
  add_crash_reproducer(app, crash_reproducer);
  app.add_option("--run-reproducer", run_reproducer,
                 "Replay the command in the first lines of a file from --crash-reproducer or `tsir reduce`; given "
                 "instead of FILE")
      ->type_name("FILE.ir");
  add_observers_to(app);
  input.add_to(app);
  execution.add_to(app, /*with_executor=*/false);
  json.add_to(app);
}

void OptOptions::add_observers_to(CLI::App& app) {
  print_before.add_to(app, "--print-before", "PASSES",
                      "Print the graph before every pass, or before the named ones: --print-before=cse,dce");
  print_after.add_to(app, "--print-after", "PASSES", "Print the graph after every pass, or after the named ones");
  app.add_flag("--print-after-all", print_after_all, "Print the graph after every pass");
  print_changed.add_to(app, "--print-changed", "diff",
                       "Print the graph after each pass that changed it; =diff prints the difference");
  app.add_option("--dump-dir", dump_dir, "Write the graph at the start and after every pass to files in this folder")
      ->type_name("DIR");
  app.add_flag("--time-passes", time_passes, "Show how long each pass took");
  app.add_flag("--stats", stats, "Show the operators that each pass added and removed");
  app.add_flag("--verify-each,!--no-verify-each", verify_each, "Check the graph after every pass (on by default)");
  compare.add_to(app, "--compare", "RTOL,ATOL",
                 "Run the unit after every pass and compare its outputs with those of the start; "
                 "=RTOL,ATOL sets the tolerance");
  app.add_flag("-q,--quiet", quiet, "Do not print the notes of passes");
}

} // namespace tsir::tool
