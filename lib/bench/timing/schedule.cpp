#include "lib/bench/timing/schedule.h"

#include <algorithm>
#include <numeric>

namespace tsir {

std::vector<size_t> random_order(size_t count, Random& random) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  return order;
}

std::vector<size_t> balanced_order(size_t count, Random& random) {
  std::vector<size_t> order = random_order(count, random);
  order.reserve(2 * count);
  for (size_t i = count; i-- > 0;) {
    order.push_back(order[i]);
  }
  return order;
}

} // namespace tsir
