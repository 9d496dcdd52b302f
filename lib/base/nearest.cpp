#include "lib/base/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace tsir {
namespace {

// The Levenshtein distance: the number of letters to change, insert or delete.
size_t letters_apart(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

size_t shared_start(std::string_view a, std::string_view b) {
  const size_t size = std::min(a.size(), b.size());
  return static_cast<size_t>(std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin()).first -
                             a.begin());
}

} // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1; // a larger distance means another word
  for (const std::string& candidate : candidates) {
    const size_t apart = letters_apart(word, candidate);
    // "frese" is freeze, not fuse.
    const bool begins_alike =
        apart == best_distance && !best.empty() && shared_start(word, candidate) > shared_start(word, best);
    if (apart < best_distance || begins_alike) {
      best = candidate;
      best_distance = apart;
    }
  }
  return best;
}

} // namespace tsir
