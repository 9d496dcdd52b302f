// Lets LibTorch's archive reader read bytes that are already in memory.
#pragma once

#include "lib/base/bytes.h"

#include <caffe2/serialize/read_adapter_interface.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>

namespace tsir {

class BytesAdapter : public caffe2::serialize::ReadAdapterInterface {
public:
  explicit BytesAdapter(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)) {}
  size_t size() const override { return bytes_->view().size(); }
  size_t read(uint64_t position, void* buffer, size_t count, const char* = "") const override {
    const auto all = bytes_->view();
    if (position >= all.size()) {
      return 0;
    }
    const size_t have = std::min(count, all.size() - static_cast<size_t>(position));
    std::memcpy(buffer, all.data() + position, have);
    return have;
  }

private:
  std::shared_ptr<const Bytes> bytes_;
};

// For LibTorch's Unpickler: hands out the pickle piece by piece. `pickle` must outlive the result.
inline std::function<size_t(char*, size_t)> pickle_reader(std::string_view pickle) {
  return [pickle](char* buffer, size_t count) mutable {
    const size_t have = std::min(count, pickle.size());
    std::copy_n(pickle.data(), have, buffer);
    pickle.remove_prefix(have);
    return have;
  };
}

} // namespace tsir
