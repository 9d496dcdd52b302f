// Checks a TorchScript pickle before LibTorch's Unpickler sees it: LibTorch believes the sizes that a pickle declares,
// and dies of nesting and of a stack that runs empty.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tsir {

struct PickleFacts {
  std::unordered_map<std::string, std::string> devices; // of storages by key: "cpu", "cuda:0"
};

// Bytes of the record that holds the storage of that key; nothing where there is none.
using RecordSize = std::function<std::optional<uint64_t>(const std::string& key)>;

// Follows the pickle's stack without making any object. Throws Error(load) that begins with `where` ("m.pt: its entry
// data.pkl"): unknown or cut short, nested too deep or cyclic, a storage larger than its record, a tensor that reaches
// beyond its storage.
PickleFacts check_pickle(std::string_view pickle, const std::string& where, const RecordSize& record_size);

} // namespace tsir
