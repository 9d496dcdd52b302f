#include "lib/bench/operators/operator_track.h"

#include <ATen/record_function.h>

namespace tsir {
namespace {

// The current recording of this thread, stored here because a callback is a plain function.
struct Recording {
  Clock* clock = nullptr;
  OperatorTrack* track = nullptr;
  size_t depth = 0;
};
thread_local Recording recording;

struct EventContext : at::ObserverContext {
  explicit EventContext(size_t of_event) : index(of_event) {}
  size_t index;
};

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  auto& events = recording.track->events;
  events.push_back({function.name(), 0, 0, recording.depth++});
  auto place = std::make_unique<EventContext>(events.size() - 1);
  events.back().start = recording.clock->now();
  return place;
}

void end(const at::RecordFunction&, at::ObserverContext* context) {
  const int64_t now = recording.clock->now();
  OperatorEvent& event = recording.track->events[static_cast<EventContext*>(context)->index];
  event.wall_ns = now - event.start;
  --recording.depth;
}

class Callback {
public:
  Callback()
      : handle_(
            at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION}))) {}
  ~Callback() { at::removeCallback(handle_); }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

private:
  at::CallbackHandle handle_;
};

} // namespace

OperatorTrack record_operators(const std::function<void()>& call, Clock& clock) {
  OperatorTrack track;
  recording = {&clock, &track, 0};
  {
    const Callback callback;
    track.start = clock.now();
    call();
    track.wall_ns = clock.now() - track.start;
  }
  recording = {};
  return track;
}

} // namespace tsir
