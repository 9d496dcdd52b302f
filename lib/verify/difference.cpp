// Compares two behaviours.
#include "lib/verify/behaviour.h"

namespace tsir {
namespace {

class Comparison {
public:
  explicit Comparison(const Tolerance& tolerance) : tolerance_(tolerance) {}
  void calls(const CallObservation& reference, const CallObservation& value);
  BehaviourDifference result() && { return std::move(result_); }

private:
  void outputs(const CallObservation& reference, const CallObservation& value);
  void inputs(const CallObservation& reference, const CallObservation& value);
  void buffers(const CallObservation& reference, const CallObservation& value);
  void layouts(const Layout& reference, const Layout& value);
  void fail(const std::string& what) { result_.failures.push_back(place_ + what); }
  // Adds a remark once, not for every call.
  void remark(const std::string& what) {
    if (said_.insert(what).second) {
      result_.remarks.push_back(what);
    }
  }

  const Tolerance& tolerance_;
  std::string place_; // "inputs 2, call 1: "
  std::set<std::string> said_;
  BehaviourDifference result_;
};

void Comparison::calls(const CallObservation& reference, const CallObservation& value) {
  place_ = fmt::format("inputs {}, call {}: ", value.set + 1, value.call + 1);
  if (reference.error.empty() != value.error.empty()) {
    fail(value.error.empty() ? "no longer fails with " + reference.error : "fails: " + value.error);
    return;
  }
  if (!reference.error.empty()) {
    return; // both fail
  }
  outputs(reference, value);
  inputs(reference, value);
  buffers(reference, value);
  layouts(reference.layout, value.layout);
}

void Comparison::outputs(const CallObservation& reference, const CallObservation& value) {
  const Difference found = compare(reference.outputs, value.outputs, tolerance_);
  Difference& all = result_.outputs;
  const bool worse = (all.same && !found.same) || (all.same == found.same && found.max_absolute > all.max_absolute);
  if (worse) {
    all.where = place_ + (found.where.empty() ? "the output" : found.where);
    all.what = found.what;
  }
  all.same &= found.same;
  all.identical &= found.identical;
  all.max_absolute = std::max(all.max_absolute, found.max_absolute);
  all.max_relative = std::max(all.max_relative, found.max_relative);
}

void Comparison::inputs(const CallObservation& reference, const CallObservation& value) {
  for (size_t i = 0; i < std::min(reference.inputs_after.size(), value.inputs_after.size()); ++i) {
    const Difference found = compare(reference.inputs_after[i], value.inputs_after[i], tolerance_);
    if (!found.same) {
      fail(fmt::format("input {} is left with other contents: {}", i, found.what));
    }
  }
}

void Comparison::buffers(const CallObservation& reference, const CallObservation& value) {
  for (const auto& [name, expected] : reference.buffers_after) {
    const auto found = value.buffers_after.find(name);
    if (found == value.buffers_after.end()) {
      continue; // frozen into the graph: its effect is seen in the outputs
    }
    const Difference difference = compare(expected, found->second, tolerance_);
    if (!difference.same) {
      fail(fmt::format("buffer {} is left with other contents: {}", name, difference.what));
    }
  }
}

void Comparison::layouts(const Layout& reference, const Layout& value) {
  for (const auto& [path, strides] : value.strides) {
    const auto before = reference.strides.find(path);
    if (before != reference.strides.end() && before->second != strides) {
      remark(fmt::format("{} has strides {} instead of {}", path, strides, before->second));
    }
  }
  for (const auto& [a, b] : value.shared) {
    if (!reference.shared.contains({a, b})) {
      remark(fmt::format("{} now shares storage with {}", a, b));
    }
  }
  for (const auto& [a, b] : reference.shared) {
    if (!value.shared.contains({a, b})) {
      remark(fmt::format("{} no longer shares storage with {}", a, b));
    }
  }
}

} // namespace

BehaviourDifference compare(const Behaviour& reference, const Behaviour& value, const Tolerance& tolerance) {
  Comparison comparison(tolerance);
  // A behaviour ends a set at the first call that throws: calls are matched by set and number.
  std::map<std::pair<size_t, size_t>, const CallObservation*> expected;
  for (const CallObservation& call : reference) {
    expected[{call.set, call.call}] = &call;
  }
  for (const CallObservation& call : value) {
    if (const auto found = expected.find({call.set, call.call}); found != expected.end()) {
      comparison.calls(*found->second, call);
    }
  }
  return std::move(comparison).result();
}

} // namespace tsir
