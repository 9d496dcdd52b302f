// Candidates chooses the same partners as a search through all of them.
#include "lib/diff/candidates.h"

#include <gtest/gtest.h>

#include <random>

namespace tsir {
namespace {

using Looks = Candidates::Looks;

// What Candidates is described to do, step by step.
class Search {
public:
  void add(const jit::Node& node, uint64_t key, Looks looks) { candidates_.push_back({&node, key, looks}); }
  void want(Looks looks) { wanted_.push_back(looks); }
  void done(Looks looks) { wanted_.erase(std::ranges::find(wanted_, looks)); }
  const jit::Node* take(uint64_t key, Looks looks) {
    const auto rank = [&](const Candidate& one) {
      return one.key != key                                           ? 3
             : one.looks.uses == looks.uses                           ? 0
             : std::ranges::find(wanted_, one.looks) != wanted_.end() ? 2
                                                                      : 1;
    };
    const auto best = std::ranges::min_element(candidates_, {}, rank);
    if (best == candidates_.end() || rank(*best) == 3) {
      return nullptr;
    }
    const jit::Node* node = best->node;
    candidates_.erase(best);
    return node;
  }

private:
  struct Candidate {
    const jit::Node* node;
    uint64_t key;
    Looks looks;
  };
  std::vector<Candidate> candidates_;
  std::vector<Looks> wanted_;
};

TEST(DiffCandidates, AreThoseOfASearch) {
  jit::Graph graph;
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const size_t keys = 1 + random() % 4; // few keys: large groups
    const size_t uses = 1 + random() % 12;
    Candidates candidates;
    Search search;
    for (size_t i = 0; i < 100; ++i) {
      const jit::Node& node = *graph.create(c10::aten::relu, 1);
      const uint64_t key = random() % keys;
      const Looks looks{key / 2, random() % uses};
      candidates.add(node, key, looks);
      search.add(node, key, looks);
    }
    std::vector<std::pair<uint64_t, Looks>> seekers;
    for (size_t i = 0; i < 120; ++i) {
      const uint64_t key = random() % (keys + 1);
      seekers.push_back({key, {key / 2, random() % (uses + 2)}});
      candidates.want(seekers.back().second);
      search.want(seekers.back().second);
    }
    for (const auto& [key, looks] : seekers) {
      EXPECT_EQ(candidates.take(key, looks), search.take(key, looks));
      candidates.done(looks);
      search.done(looks);
    }
  }
}

} // namespace
} // namespace tsir
