#include "lib/bench/job/conditions.h"

#include "lib/base/bytes.h"
#include "lib/bench/variants/train.h"
#include "lib/run/summary.h"

#include <c10/util/hash.h>

namespace tsir {
std::string inputs_text(const std::vector<c10::IValue>& inputs) {
  std::vector<std::string> parts;
  for (const ValueSummary& value : summarize(inputs)) {
    parts.push_back(value.tensor ? fmt::format("{}[{}]", value.tensor->dtype, fmt::join(value.tensor->shape, ","))
                                 : value.value.value_or(value.type));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

std::string file_sha1(const std::string& path) {
  if (path == "-") {
    return "";
  }
  return c10::sha1(std::string(Bytes::open(path)->text())).str();
}

std::vector<Condition> conditions_of(const BenchTarget& target, const Environment& environment) {
  const auto number = [](double value) { return fmt::format("{:g}", value); };
  return {{"processor", environment.cpu_model},
          {"processors", number(environment.num_cpus)},
          {"processor quota", number(environment.cpu_quota)},
          {"frequency governor", environment.governor},
          {"vector instructions", environment.capability},
          {"LibTorch", environment.libtorch},
          {"threads", number(environment.threads)},
          {"inter-op threads", number(environment.interop_threads)},
          {"device", target.device.str()},
          {"executor", std::string(to_string(target.executor))},
          {"method", target.method},
          {"inputs", inputs_text(target.inputs)},
          {"seed", std::to_string(target.seed)},
          {"autograd", target.grad ? "on" : "off"},
          {"training", target.training ? condition_text(target.training->settings()) : "no"},
          // Files saved by builds that moved tensors to random places do not have this.
          {"places in memory", "as LibTorch's allocator gives them"}};
}

} // namespace tsir
