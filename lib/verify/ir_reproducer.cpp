#include "lib/verify/ir_reproducer.h"

#include "lib/base/bytes.h"
#include "lib/base/error.h"

#include <sstream>

namespace tsir {
namespace {

constexpr std::string_view reproducer_mark = "# tsir-reproducer: ";

// Options of opt and verify, besides those of a workload, that a file from elsewhere may set, and whether each takes a
// value.
constexpr std::pair<std::string_view, bool> own_options[] = {
    {"--passes", true}, {"--compare", false}, {"--pass-time-limit", true}};

// Whether the option takes a value. Throws Error(load) if a file from elsewhere must not set it.
bool takes_value(const std::string& file, const std::string& name) {
  const auto* own = std::ranges::find(own_options, name, &std::pair<std::string_view, bool>::first);
  if (own != std::end(own_options)) {
    return own->second;
  }
  const WorkloadOption* option = find_workload_option(name);
  if (option == nullptr || option->of_machine || option->of_source) {
    throw Error(ErrorKind::load, fmt::format("{}: its reproducer sets {}, which a file must not set", file, name));
  }
  return !option->is_flag;
}

IrReproducer parse_reproducer(const std::string& text, const std::string& file) {
  try {
    const auto json = nlohmann::ordered_json::parse(text);
    const std::string subcommand = json.at("subcommand");
    if (subcommand != "opt" && subcommand != "verify") {
      throw Error(
          ErrorKind::load,
          fmt::format("{}: its reproducer is for `tsir {}`; only opt and verify can be replayed", file, subcommand));
    }
    return {.invocation = Invocation::parse(subcommand, file, json.at("arguments"),
                                            [&](const std::string& name) { return takes_value(file, name); }),
            .what = json.at("what"),
            .plugins = json.at("plugins")};
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::load,
                fmt::format("{}: its line `{}…` cannot be read: {}", file, reproducer_mark, one_line(error)));
  }
}

} // namespace

std::string reproducer_comments(const IrReproducer& reproducer) {
  Invocation command = reproducer.invocation;
  for (const std::string& plugin : reproducer.plugins) {
    command.add("--load-pass-plugin", plugin);
  }
  const nlohmann::ordered_json json = {{"version", 1},
                                       {"subcommand", reproducer.invocation.subcommand()},
                                       {"arguments", reproducer.invocation.options()},
                                       {"what", reproducer.what},
                                       {"plugins", reproducer.plugins}};
  return fmt::format("# {}\n# {}\n{}{}\n", one_line(reproducer.what), one_line(command.line(), 1000), reproducer_mark,
                     json.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace));
}

std::optional<IrReproducer> read_reproducer(const std::string& file) {
  std::istringstream stream{std::string(Bytes::open(file)->text())};
  for (std::string line; std::getline(stream, line) && (line.empty() || line[0] == '#');) {
    if (line.starts_with(reproducer_mark)) {
      return parse_reproducer(line.substr(reproducer_mark.size()), file);
    }
  }
  return std::nullopt;
}

Replay read_replay(const std::string& file, const std::vector<std::string>& more) {
  const auto reproducer = read_reproducer(file);
  if (!reproducer) {
    throw Error(ErrorKind::load, fmt::format("{} carries no command to replay: there is no `{}` among its first lines",
                                             file, reproducer_mark));
  }
  Replay replay{.words = reproducer->invocation.words(), .plugins = reproducer->plugins};
  replay.words.insert(replay.words.end(), more.begin(), more.end());
  return replay;
}

Invocation replay_command(const std::string& file) {
  return Invocation("opt", "").add("--run-reproducer", file);
}

} // namespace tsir
