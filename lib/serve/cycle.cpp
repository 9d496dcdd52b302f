#include "lib/serve/cycle.h"

#include <algorithm>
#include <utility>

namespace tsir {

std::vector<size_t> order_of_cycle(const std::vector<size_t>& calls) {
  std::vector<std::pair<double, size_t>> places; // in the cycle, from 0 to 1
  for (size_t index = 0; index < calls.size(); ++index) {
    for (size_t call = 0; call < calls[index]; ++call) {
      places.emplace_back((static_cast<double>(call) + 0.5) / static_cast<double>(calls[index]), index);
    }
  }
  std::ranges::sort(places);
  std::vector<size_t> order;
  for (const auto& [place, index] : places) {
    order.push_back(index);
  }
  return order;
}

} // namespace tsir
