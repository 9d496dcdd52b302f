// The values of a TorchScript module that was saved as a flatbuffer, as a pickle.
#pragma once

#include "lib/archive/flat_table.h"
#include "lib/archive/pickle_writer.h"

#include <map>
#include <vector>

namespace tsir {

// Writes values of one flatbuffer to one pickle. Values and storages that several values share stay shared.
class FlatbufferPickle {
public:
  // The root table of the flatbuffer, which must outlive the object.
  explicit FlatbufferPickle(const FlatTable& module);

  // Writes the value of that number. Throws Error(load) if the flatbuffer is damaged.
  void value(uint32_t index);
  PickleWriter& writer() { return out_; }
  // The numbers of the storages that the pickle uses; their records are named by these.
  const std::vector<uint32_t>& storages() const { return storages_; }
  std::string finished() && { return std::move(out_).finished(); }

private:
  void write(uint32_t index, uint32_t user);
  void content(const FlatTable& value, uint32_t index);
  template <class Each> void each(const FlatVector& numbers, const Each& each);
  void values(const FlatVector& indices, uint32_t user);
  template <class Write> void typed(std::string_view type, const Write& write);
  template <class T, class Write> void list_of(const char* function, const FlatTable& list, const Write& write);
  void dict(const FlatTable& dict, uint32_t index);
  void object(const FlatTable& object, uint32_t index);
  void attributes(const FlatTable& type, const FlatTable& object, uint32_t index);
  void tensor(const FlatTable& tensor);
  void quantizer(const FlatTable& quantized);
  void storage(uint32_t number, int8_t scalar_type);
  void class_name(std::string_view name);
  const FlatBuffer& buffer() const { return values_of_.buffer(); }

  const FlatTable& values_of_;
  FlatVector ivalues_;
  FlatVector types_;
  FlatVector storage_data_;
  PickleWriter out_;
  std::map<uint32_t, uint32_t> written_; // by number of the value: what again() takes
  std::map<std::pair<uint32_t, int8_t>, uint32_t> written_storages_;
  std::vector<uint32_t> storages_;
  size_t most_bytes_;
  size_t depth_ = 0;
};

} // namespace tsir
