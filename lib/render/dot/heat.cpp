#include "lib/render/dot/heat.h"

namespace tsir {
namespace {

// The least value of each step but the first, as a share of the largest box.
constexpr std::array<double, heat_steps - 1> shares = {0.01, 0.03, 0.1, 1.0 / 3};
// Likewise, for drift, which begins with what is identical.
constexpr std::array<double, heat_steps - 1> drifts = {std::numeric_limits<double>::min(), 1e-7, 1e-5, 1e-3};

class Heater {
public:
  Heater(Drawing& drawing, const NodeMeasures& measures) : drawing_(drawing), measures_(measures) {
    for (const auto& value : measures.of_node) {
      total_ += value.value_or(0);
    }
    each([&](const auto& part) { largest_ = std::max(largest_, combined(measures, part.nodes).value_or(0)); });
  }

  void run() {
    each([&](auto& part) {
      if (const auto value = combined(measures_, part.nodes)) {
        part.heat = Heat{step_of(*value), text_of(*value)};
      }
    });
    drawing_.scale = Scale{title(), {}};
    for (size_t step = 0; step < heat_steps; ++step) {
      drawing_.scale->steps.push_back(range_text(step));
    }
  }

private:
  bool is_drift() const { return measures_.what == Measure::drift; }

  template <class Visit> void each(Visit&& visit) {
    std::ranges::for_each(drawing_.boxes, visit);
    std::ranges::for_each(drawing_.clusters, visit);
  }

  // The least value of a step after the first.
  double least(size_t step) const { return is_drift() ? drifts.at(step - 1) : shares.at(step - 1) * largest_; }

  size_t step_of(double value) const {
    size_t step = 0;
    while (step + 1 < heat_steps && value > 0 && value >= least(step + 1)) {
      ++step;
    }
    return step;
  }

  std::string text_of(double value) const {
    if (is_drift()) {
      return measure_text(measures_.what, value);
    }
    if (value == 0) {
      return "";
    }
    const double share = 100 * value / total_;
    return fmt::format("{}, {}", measure_text(measures_.what, value),
                       share < 0.1 ? "below 0.1 %" : fmt::format("{:.{}f} %", share, share < 10 ? 1 : 0));
  }

  std::string range_text(size_t step) const {
    const auto text = [&](size_t bound) { return measure_text(measures_.what, least(bound)); };
    if (is_drift() && step <= 1) {
      return step == 0 ? "identical" : "below " + text(2);
    }
    if (step == 0) {
      return "below " + text(1);
    }
    return step + 1 == heat_steps ? text(step) + " and more" : text(step) + " to " + text(step + 1);
  }

  std::string title() const {
    std::string text = measures_.how;
    return is_drift() ? text : fmt::format("{}; {} in all", text, measure_text(measures_.what, total_));
  }

  Drawing& drawing_;
  const NodeMeasures& measures_;
  double total_ = 0;
  double largest_ = 0;
};

} // namespace

void color_by(Drawing& drawing, const NodeMeasures& measures) {
  Heater(drawing, measures).run();
}

} // namespace tsir
