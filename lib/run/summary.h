// Summarises the outputs of a run: every value in the nested outputs, in a few words and numbers.
#pragma once

#include "lib/compat/libtorch.h"

namespace tsir {

struct TensorSummary {
  std::string dtype; // "float32"
  std::vector<int64_t> shape;
  std::string device; // "cpu", "cuda:0"
  std::string layout; // "" for strided; "sparse", "mkldnn", …
  int64_t nan = 0, infinite = 0;
  // Over the finite elements, or over the magnitudes of a complex tensor; absent if there are none.
  std::optional<double> min, mean, max;
  std::vector<std::string> values; // all of them, if there are at most eight
};

// One value; those inside it follow it in the list of summaries.
struct ValueSummary {
  std::string path; // `output`, `output[0]`, `output["y"]`, `output.total`
  std::string type; // "tensor", "int", "list", …, a NamedTuple's name
  std::optional<TensorSummary> tensor;
  std::optional<size_t> length;     // of lists, tuples, dicts
  std::optional<std::string> value; // of numbers, strings, None; "inf" and "nan" are written out
};

// `outputs`: as Runnable::run returns them. Waits for futures. Of a list, tuple or dict with more than `limit` values,
// only the first `limit` are listed; its length counts all.
std::vector<ValueSummary> summarize(const std::vector<c10::IValue>& outputs, size_t limit = 100);

nlohmann::ordered_json to_json(const std::vector<ValueSummary>& summaries);
std::string to_text(const std::vector<ValueSummary>& summaries, const std::string& indent);

} // namespace tsir
