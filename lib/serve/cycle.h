// The order of calls that take several inputs in turn.
#pragma once

#include <cstddef>
#include <vector>

namespace tsir {

// The calls of one cycle, as indices of their inputs. Those of each are spread evenly: for 3 and 1 calls, 0 0 1 0.
std::vector<size_t> order_of_cycle(const std::vector<size_t>& calls);

} // namespace tsir
