// Checks a TorchScript pickle before LibTorch unpickles it: LibTorch trusts the sizes that a pickle declares, and
// crashes on deep nesting and on stack underflow.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tsir {

struct PickleFacts {
  std::unordered_map<std::string, std::string> devices; // devices of storages by storage key: "cpu", "cuda:0"
};

// Size in bytes of the record that holds the storage of that key; std::nullopt if there is no such record.
using RecordSize = std::function<std::optional<uint64_t>(const std::string& key)>;

// Simulates the pickle's stack without creating objects. Throws an Error(load) that begins with `where` ("m.pt: its
// entry data.pkl") if the pickle is of an unknown kind or truncated, is nested too deep or cyclic, declares a storage
// larger than its record, or has a tensor that reaches beyond its storage.
PickleFacts check_pickle(std::string_view pickle, const std::string& where, const RecordSize& record_size);

} // namespace tsir
