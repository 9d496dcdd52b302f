#include "lib/completion/known_methods.h"

#include "lib/base/error.h"
#include "lib/base/output_file.h"
#include "lib/process/program.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace tsir {
namespace {

namespace fs = std::filesystem;

// Another text whenever the file may be another one.
std::string remembered_name(const std::string& file) {
  const std::string identity = fmt::format("{} {} {}", fs::absolute(file).string(), fs::file_size(file),
                                           fs::last_write_time(file).time_since_epoch().count());
  return fmt::format("methods-{:016x}", std::hash<std::string>()(identity));
}

std::vector<std::string> asked_methods(const std::string& tsir, const std::string& file) {
  const ProgramEnd end =
      run_program({.program = tsir, .arguments = {"dump", "--json", "--", file}, .limit = std::chrono::seconds(5)});
  const nlohmann::json dump = nlohmann::json::parse(end.output, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> names;
  if (dump.is_object() && dump.contains("module") && dump["module"].contains("methods")) {
    for (const nlohmann::json& method : dump["module"]["methods"]) {
      names.push_back(method.at("name"));
    }
  }
  return names;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

} // namespace

std::vector<std::string> known_methods(const std::string& tsir, const std::string& file, const std::string& folder) {
  try {
    const fs::path remembered = fs::path(folder) / remembered_name(file);
    if (fs::exists(remembered)) {
      return lines_of(remembered);
    }
    const std::vector<std::string> names = asked_methods(tsir, file);
    fs::create_directories(folder);
    write_file(remembered.string(), names.empty() ? "" : fmt::format("{}\n", fmt::join(names, "\n")));
    return names;
  } catch (const std::exception&) { // a shell that completes a word has no place for an error
    return {};
  }
}

} // namespace tsir
