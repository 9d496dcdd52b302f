#include "lib/bench/export/operator_events.h"

namespace tsir {

std::vector<nlohmann::ordered_json> operator_events(const OperatorTrack& track, size_t pid, int tid, int64_t zero) {
  std::vector<nlohmann::ordered_json> events;
  const auto add = [&](const std::string& name, int64_t start, int64_t wall_ns, size_t depth) {
    events.push_back({{"ph", "X"},
                      {"name", name},
                      {"cat", "operators"},
                      {"ts", static_cast<double>(start - zero) / 1e3},
                      {"dur", static_cast<double>(wall_ns) / 1e3},
                      {"pid", pid},
                      {"tid", tid},
                      {"args", {{"depth", depth}}}});
  };
  add("profiled call", track.start, track.wall_ns, 0);
  for (const OperatorEvent& event : track.events) {
    add(event.name, event.start, event.wall_ns, event.depth + 1);
  }
  return events;
}

} // namespace tsir
