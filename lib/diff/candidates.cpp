#include "lib/diff/candidates.h"

namespace tsir {
namespace {

constexpr size_t few = 16;

} // namespace

void Candidates::add(const jit::Node& node, uint64_t key, Looks looks) {
  groups_[key].members.push_back(candidates_.size());
  candidates_.push_back({&node, key, looks});
}

bool Candidates::wanted(Looks looks) const {
  const auto found = wanted_.find(looks);
  return found != wanted_.end() && found->second > 0;
}

void Candidates::done(Looks looks) {
  const auto found = wanted_.find(looks);
  if (found == wanted_.end() || found->second == 0 || --found->second > 0) {
    return;
  }
  if (const auto numbers = indexed_.find(looks); numbers != indexed_.end()) {
    for (const size_t number : numbers->second) {
      if (candidates_[number].node != nullptr) {
        groups_[candidates_[number].key].index->unwanted.insert(number);
      }
    }
  }
}

const jit::Node* Candidates::take(uint64_t key, Looks looks) {
  const auto found = groups_.find(key);
  if (found == groups_.end()) {
    return nullptr;
  }
  Group& group = found->second;
  if (!group.index && group.members.size() <= few) {
    return take_from_few(group.members, looks);
  }
  if (!group.index) {
    group.index = index_of(group);
    group.members.clear();
  }
  return take_from_many(*group.index, looks);
}

const jit::Node* Candidates::take_from_few(std::vector<size_t>& members, Looks looks) {
  auto best = members.end();
  int best_rank = 3;
  for (auto at = members.begin(); at != members.end() && best_rank > 0; ++at) {
    const Looks other = candidates_[*at].looks;
    const int rank = other.uses == looks.uses ? 0 : wanted(other) ? 2 : 1;
    if (rank < best_rank) {
      best = at;
      best_rank = rank;
    }
  }
  if (best == members.end()) {
    return nullptr;
  }
  const size_t number = *best;
  members.erase(best);
  return std::exchange(candidates_[number].node, nullptr);
}

std::unique_ptr<Candidates::Index> Candidates::index_of(const Group& group) {
  auto index = std::make_unique<Index>();
  for (const size_t number : group.members) {
    const Looks looks = candidates_[number].looks;
    index->all.insert(index->all.end(), number);
    index->by_uses[looks.uses].insert(number);
    if (!wanted(looks)) {
      index->unwanted.insert(index->unwanted.end(), number);
    }
    indexed_[looks].push_back(number);
  }
  return index;
}

const jit::Node* Candidates::take_from_many(Index& index, Looks looks) {
  if (index.all.empty()) {
    return nullptr;
  }
  const auto same = index.by_uses.find(looks.uses);
  const size_t number = same != index.by_uses.end() ? *same->second.begin()
                        : !index.unwanted.empty()   ? *index.unwanted.begin()
                                                    : *index.all.begin();
  index.all.erase(number);
  index.unwanted.erase(number);
  const auto uses = index.by_uses.find(candidates_[number].looks.uses);
  uses->second.erase(number);
  if (uses->second.empty()) {
    index.by_uses.erase(uses);
  }
  return std::exchange(candidates_[number].node, nullptr);
}

} // namespace tsir
