// The nodes of one block that may be the partner of a node of another block, found without searching all of them.
#pragma once

#include "lib/compat/libtorch.h"

#include <set>

namespace tsir {

// Candidates with the same key compute the same value from the same inputs. Of these, the best partner is one whose
// results are used in the same way; next one that no other node wants because of its uses; next any. Among equals it is
// the first one. A block may have many equal nodes, such as constants, so no step searches all of them.
class Candidates {
public:
  // What decides about a node: its own hash, and the hash of its uses.
  struct Looks {
    uint64_t itself;
    uint64_t uses;
    bool operator==(const Looks& other) const { return itself == other.itself && uses == other.uses; }
  };

  void add(const jit::Node& node, uint64_t key, Looks looks);
  // A node wants a candidate with these looks, until done() is called for it.
  void want(Looks looks) { ++wanted_[looks]; }
  void done(Looks looks);
  // Takes out the best candidate; nullptr if there is none.
  const jit::Node* take(uint64_t key, Looks looks);

private:
  struct Hash {
    size_t operator()(const Looks& looks) const { return looks.itself ^ (looks.uses * 0x9E3779B97F4A7C15); }
  };
  template <class Of> using ByLooks = std::unordered_map<Looks, Of, Hash>;
  struct Candidate {
    const jit::Node* node; // nullptr once it was taken
    uint64_t key;
    Looks looks;
  };
  // Of a large group: numbers of candidates.
  struct Index {
    std::set<size_t> all;
    std::set<size_t> unwanted;
    std::unordered_map<uint64_t, std::set<size_t>> by_uses;
  };
  struct Group {
    std::vector<size_t> members; // numbers of candidates, in order; empty if there is an index
    std::unique_ptr<Index> index;
  };

  bool wanted(Looks looks) const;
  std::unique_ptr<Index> index_of(const Group& group);
  const jit::Node* take_from_few(std::vector<size_t>& members, Looks looks);
  const jit::Node* take_from_many(Index& index, Looks looks);

  std::vector<Candidate> candidates_;
  std::unordered_map<uint64_t, Group> groups_; // by key
  ByLooks<size_t> wanted_;                     // by how many nodes
  ByLooks<std::vector<size_t>> indexed_;       // the candidates of large groups
};

} // namespace tsir
