#include "lib/bench/report/report_sections.h"

#include "lib/base/setting.h"
#include "lib/base/table.h"
#include "lib/base/units.h"

#include <cmath>

namespace tsir {
namespace {

using Json = nlohmann::ordered_json;

constexpr double ns_per_ms = 1e6;

double median_of(const TrainRecord& record, double StepTimes::*part) {
  std::vector<double> values;
  std::ranges::transform(record.times, std::back_inserter(values), [&](const StepTimes& step) { return step.*part; });
  return median(values);
}

std::string gradients_text(const TrainRecord& record) {
  return record.differentiable_graphs == 0
             ? "autograd"
             : fmt::format("autodiff in {}, else autograd", plural(record.differentiable_graphs, "graph"));
}

std::string settings_text(const TrainSettings& settings, const TrainRecord& baseline) {
  return fmt::format("training: {}, learning rate {:g}, loss {}; {} with {} numbers; train mode; zero_grad is {}timed; "
                     "after {}, everything is reset to the start, so that every step is the same work\n",
                     to_string(settings.optimizer), settings.learning_rate, to_string(settings.loss),
                     plural(baseline.parameters, "parameter"), human_count(baseline.weights),
                     settings.time_zero_grad ? "" : "not ", plural(settings.steps, "step"));
}

Json settings_json(const TrainSettings& settings) {
  return {{"optimizer", to_string(settings.optimizer)},
          {"learning_rate", settings.learning_rate},
          {"loss", to_string(settings.loss)},
          {"steps", settings.steps},
          {"zero_grad_timed", settings.time_zero_grad}};
}

// JSON has no infinities.
Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) {
    list.push_back(std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value)));
  }
  return list;
}

Json variant_json(const std::string& name, const TrainRecord& record) {
  Json entry = {{"name", name},
                {"parameters", record.parameters},
                {"weights", record.weights},
                {"differentiable_graphs", record.differentiable_graphs},
                {"losses", numbers(record.losses)},
                {"gradient_norms", numbers(record.norms)}};
  if (!record.times.empty()) {
    entry["forward_ms"] = median_of(record, &StepTimes::forward) / ns_per_ms;
    entry["loss_ms"] = median_of(record, &StepTimes::loss) / ns_per_ms;
    entry["backward_ms"] = median_of(record, &StepTimes::backward) / ns_per_ms;
    entry["optimizer_ms"] = median_of(record, &StepTimes::optimizer) / ns_per_ms;
  }
  return entry;
}

// Warns about tiny gradients, which would consist of rounding errors.
std::string vanishing_text(const TrainRecord& baseline) {
  constexpr double next_to_nothing = 1e-5;
  return baseline.norms.front() >= next_to_nothing
             ? ""
             : fmt::format("the gradients are almost zero (norm {:.2g}), so comparing losses says little; the mean of "
                           "a softmax, for example, is constant: try {} mse\n",
                           baseline.norms.front(), spelled(Setting::loss));
}

std::vector<std::string> row(const std::string& name, const TrainRecord& record, const Summary& summary) {
  const auto part = [&](double StepTimes::*which) { return human_seconds(median_of(record, which) / ns_per_second); };
  return {name,
          part(&StepTimes::forward),
          part(&StepTimes::loss),
          part(&StepTimes::backward),
          part(&StepTimes::optimizer),
          fmt::format("{:.4g}", ns_per_second / summary.median),
          fmt::format("{:.6g}", record.losses.front()),
          record.losses.size() > 1 ? fmt::format("{:.6g}", record.losses.back()) : "",
          gradients_text(record)};
}

} // namespace

ReportSection training_section(const BenchOutcome& result) {
  using enum Table::Align;
  const TrainSettings& settings = result.training->settings;
  Table table({{"training step"},
               {"forward", right},
               {"loss", right},
               {"backward", right},
               {"optimizer", right},
               {"steps/s", right},
               {"loss 1", right},
               {settings.steps > 1 ? fmt::format("loss {}", settings.steps) : "", right},
               {"gradients"}});
  ReportSection section{"training", settings_json(settings), ""};
  section.json["variants"] = Json::array();
  for (size_t i = 0; i < result.variants.size(); ++i) {
    const std::string& name = result.variants[i].name;
    const TrainRecord& record = result.training->records[i];
    if (record.losses.empty()) { // a rival only reports the times of whole steps
      continue;
    }
    section.json["variants"].push_back(variant_json(name, record));
    const auto summary = result.summary(i);
    if (summary && !record.times.empty()) {
      table.add(row(name, record, *summary));
    }
    if (i == 0) {
      section.text = settings_text(settings, record) + vanishing_text(record);
    }
  }
  section.text = table.text() + section.text;
  return section;
}

} // namespace tsir
