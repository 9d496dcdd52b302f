// The order in which arms take turns.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace tsir {

using Random = std::mt19937_64;

// 0 … count-1 in random order.
std::vector<size_t> random_order(size_t count, Random& random);
// A random order followed by its reverse (A B C C B A). Every arm has two turns and the same mean position, so that a
// linear drift over the block cancels out. Which arm comes first is random.
std::vector<size_t> balanced_order(size_t count, Random& random);

} // namespace tsir
