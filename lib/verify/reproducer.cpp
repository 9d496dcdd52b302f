#include "lib/verify/reproducer.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/model/ir_constants.h"
#include "lib/model/save.h"
#include "lib/model/text_ir.h"
#include "lib/process/worker.h"
#include "lib/verify/target.h"

#include <filesystem>

namespace tsir {
namespace {

namespace fs = std::filesystem;

fs::path make_folder(const std::string& parent, const std::string& pass) {
  std::error_code error;
  fs::create_directories(parent, error);
  for (int number = 1; number < 1000 && !error; ++number) {
    fs::path folder = fs::path(parent) / (number == 1 ? pass : fmt::format("{}-{}", pass, number));
    if (fs::create_directory(folder, error)) {
      return folder;
    }
  }
  throw Error(ErrorKind::check, fmt::format("cannot make a folder in {}: {}", parent,
                                            error ? error.message() : std::string("it has a thousand already")));
}

// Throws if the file cannot be read back, and then removes it.
void write_readable(const jit::Graph& graph, const fs::path& file) {
  write_ir(graph, file.string());
  try {
    parse_ir(Bytes::open(file.string())->text(), file.string());
  } catch (const std::exception&) {
    fs::remove(file);
    fs::remove(ir_constants_path(file.string()));
    throw;
  }
}

// Saves the unit as the pass found it, in a child process, where the passes before it run again. Returns the file's
// name, or "" if the unit cannot be saved in a form that can be read back.
std::string save_before(const PassVerdict& verdict, const fs::path& folder, const ReproducerRequest& request) {
  const auto save = [&]() -> std::string {
    const Pipeline all = Pipeline::parse(verdict.passes, *request.registry);
    const VerifyTarget target = make_target(request.workload, *request.registry, all, request.purpose);
    Unit unit = target.open();
    Pipeline::parse(verdict.before, *request.registry).run(unit, target.run_settings());
    if (unit.has_module()) {
      save_module(unit, (folder / "before.pt").string());
      return "before.pt";
    }
    write_readable(*unit.graph(), folder / "before.ir");
    return "before.ir";
  };
  try {
    auto saved = in_worker<std::string>({.limit = request.limit, .discard_output = true}, save);
    const auto* name = std::get_if<std::string>(&saved);
    return name != nullptr ? *name : "";
  } catch (const Error&) { // no process could be started
    return "";
  }
}

} // namespace

void add_time_limit(Invocation& again, const PassVerdict& verdict, std::chrono::nanoseconds limit) {
  if (verdict.verdict == Verdict::timed_out) {
    again.add("--pass-time-limit", fmt::format("{}", std::chrono::duration<double>(limit).count()));
  }
}

std::string write_reproducer(const PassVerdict& verdict, const ReproducerRequest& request) {
  const fs::path folder = make_folder(request.folder, verdict.name);
  const std::string before = request.save ? save_before(verdict, folder, request) : "";
  const bool saved = !before.empty();
  Invocation again(request.subcommand, saved ? before : fs::absolute(request.workload.source.file).string());
  again.add("--passes", saved ? verdict.use : verdict.passes);
  for (const Invocation::Argument& argument : request.more) {
    argument.value ? again.add(argument.name, *argument.value) : again.add_flag(argument.name);
  }
  if (request.limit.count() > 0 && request.subcommand != "opt") {
    add_time_limit(again, verdict, request.limit);
  }
  Workload workload = request.workload;
  if (saved) { // it holds the submodule alone, and not the inputs of the trace
    workload = with_traced_inputs(std::move(workload));
    std::string& method = workload.source.method;
    method = method.substr(method.rfind('.') == std::string::npos ? 0 : method.rfind('.') + 1);
  }
  again.add(workload, saved ? Invocation::Part::saved_unit : Invocation::Part::all);
  const std::string found_by =
      request.found_by.empty() ? "" : fmt::format("# found by: {}\n", one_line(request.found_by, 1000));
  write_file((folder / "command.sh").string(),
             fmt::format("#!/bin/sh\n# {}: {}\n{}cd \"$(dirname \"$0\")\" || exit\n{}\n", to_string(verdict.verdict),
                         one_line(verdict.what), found_by, again.line()));
  fs::permissions(folder / "command.sh", fs::perms::owner_exec, fs::perm_options::add);
  write_file((folder / "verdict.json").string(),
             to_json(verdict).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  return folder.string();
}

} // namespace tsir
