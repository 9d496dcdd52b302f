#include "lib/verify/reproducer.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/base/shell_quoted.h"
#include "lib/model/ir_constants.h"
#include "lib/model/save.h"
#include "lib/model/text_ir.h"
#include "lib/process/worker.h"

#include <fcntl.h>
#include <fstream>

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
                                            error ? error.message() : std::string("a thousand are there")));
}

// Throws, and leaves nothing behind, where what was written does not read back.
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

// Saves the unit as the pass found it, in a child: the passes before it run again there. Gives the file's name, or
// nothing where it cannot be saved so that it reads back.
std::string save_before(const PassVerdict& verdict, const fs::path& folder, const Registry& registry,
                        const SweepSettings& settings) {
  const auto save = [&]() -> std::string {
    const VerifyTarget target = settings.target();
    Unit unit = target.open();
    const auto& sets = target.observe.input_sets;
    Pipeline::parse(verdict.before, registry)
        .run(unit, {.inputs = sets.empty() ? nullptr : &sets.front(), .device = target.device});
    if (unit.has_module()) {
      save_module(unit, (folder / "before.pt").string());
      return "before.pt";
    }
    write_readable(*unit.graph(), folder / "before.ir");
    return "before.ir";
  };
  try {
    return value_or_throw(in_worker<std::string>({.limit = settings.limit}, save));
  } catch (const Error&) {
    return "";
  }
}

} // namespace

std::string write_reproducer(const PassVerdict& verdict, const ReproducerRequest& request,
                             const SweepSettings& settings) {
  const fs::path folder = make_folder(request.folder, verdict.name);
  const std::string before = request.save ? save_before(verdict, folder, *request.registry, settings) : "";
  const std::string file = before.empty() ? fs::absolute(request.file).string() : before;
  const std::string passes = before.empty() ? verdict.passes : verdict.use;
  const std::string start =
      before.empty() && !request.start.empty() ? " --start " + shell_quoted(request.start) : std::string();
  write_file((folder / "command.sh").string(),
             fmt::format("#!/bin/sh\n# {}: {}\ncd \"$(dirname \"$0\")\" || exit\ntsir {} {} {}--passes {}{}{}{}\n",
                         to_string(verdict.verdict), one_line(verdict.what), request.subcommand, shell_quoted(file),
                         before.empty() ? request.file_arguments : "", shell_quoted(passes), start,
                         request.arguments.empty() ? "" : " ", request.arguments));
  fs::permissions(folder / "command.sh", fs::perms::owner_exec, fs::perm_options::add);
  write_file((folder / "verdict.json").string(),
             to_json(verdict).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  return folder.string();
}

} // namespace tsir
