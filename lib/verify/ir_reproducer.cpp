#include "lib/verify/ir_reproducer.h"

#include "lib/base/error.h"
#include "lib/base/shell_quoted.h"
#include "lib/verify/reproducer.h"

#include <fstream>

namespace tsir {
namespace {

constexpr std::string_view reproducer_mark = "# tsir-reproducer: ";

// What a file from elsewhere may set, and whether it takes a value.
constexpr std::pair<std::string_view, bool> allowed[] = {
    {"--passes", true},  {"--input", true},     {"--seed", true},     {"--device", true},
    {"--threads", true}, {"--grad", false},     {"--executor", true}, {"--sets", true},
    {"--calls", true},   {"--tolerance", true}, {"--compare", false}, {"--pass-time-limit", true}};

void check_allowed(const IrReproducer& reproducer, const std::string& file) {
  if (reproducer.subcommand != "opt" && reproducer.subcommand != "verify") {
    throw Error(ErrorKind::load, fmt::format("{}: its reproducer is for `tsir {}`; opt and verify can be replayed",
                                             file, reproducer.subcommand));
  }
  for (size_t i = 0; i < reproducer.arguments.size(); ++i) {
    const std::string& name = reproducer.arguments[i];
    const auto* found = std::ranges::find(allowed, name, &std::pair<std::string_view, bool>::first);
    if (found == std::end(allowed)) {
      throw Error(ErrorKind::load, fmt::format("{}: its reproducer asks for {}, which no file may", file, name));
    }
    i += found->second ? 1 : 0;
  }
}

IrReproducer parse_reproducer(const std::string& text, const std::string& file) {
  try {
    const auto json = nlohmann::ordered_json::parse(text);
    IrReproducer reproducer{.subcommand = json.at("subcommand"),
                            .arguments = json.at("arguments"),
                            .what = json.at("what"),
                            .plugins = json.at("plugins")};
    check_allowed(reproducer, file);
    return reproducer;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::load,
                fmt::format("{}: its line `{}…` cannot be read: {}", file, reproducer_mark, one_line(error)));
  }
}

} // namespace

std::string reproducer_comments(const IrReproducer& reproducer, const std::string& file) {
  std::string command = fmt::format("tsir {} {}", reproducer.subcommand, shell_quoted(file));
  for (const std::string& argument : reproducer.arguments) {
    command += " " + shell_quoted(argument);
  }
  for (const std::string& plugin : reproducer.plugins) {
    command += " --load-pass-plugin " + shell_quoted(plugin);
  }
  const nlohmann::ordered_json json = {{"version", 1},
                                       {"subcommand", reproducer.subcommand},
                                       {"arguments", reproducer.arguments},
                                       {"what", reproducer.what},
                                       {"plugins", reproducer.plugins}};
  return fmt::format("# {}\n# {}\n{}{}\n", one_line(reproducer.what), one_line(command, 1000), reproducer_mark,
                     json.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace));
}

std::optional<IrReproducer> read_reproducer(const std::string& file) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line) && (line.empty() || line[0] == '#');) {
    if (line.starts_with(reproducer_mark)) {
      return parse_reproducer(line.substr(reproducer_mark.size()), file);
    }
  }
  return std::nullopt;
}

} // namespace tsir
