#include "tools/tsir/bench_rivals.h"

#include "tools/tsir/options.h"

namespace tsir::tool {

void RivalOptions::add_to(CLI::App& app) {
  constexpr const char* group = "Rivals";
  app.add_option("--rival", texts,
                 "Time another program in the same blocks: --rival eager='python eager.py …'. It must speak the "
                 "protocol of docs/rivals.md; tools/rivals has examples. Repeatable")
      ->type_name("NAME=COMMAND")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--rival-timeout", limit_seconds, "Maximum time for a rival to start, and for each of its answers")
      ->type_name("SECONDS")
      ->check(positive_seconds())
      ->capture_default_str()
      ->group(group);
}

std::vector<RivalCommand> RivalOptions::commands() const {
  std::vector<RivalCommand> list;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      throw Error(ErrorKind::usage, fmt::format("--rival '{}': expected NAME=COMMAND, as in --rival eager='python "
                                                "eager.py --module model.py:build'",
                                                text));
    }
    list.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return list;
}

std::chrono::nanoseconds RivalOptions::limit() const {
  return nanoseconds_of(limit_seconds);
}

} // namespace tsir::tool
