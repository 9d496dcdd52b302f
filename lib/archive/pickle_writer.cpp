#include "lib/archive/pickle_writer.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tsir {

PickleWriter::PickleWriter() : out_("\x80\x02") {}

template <class T> void PickleWriter::bytes_of(T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T)); // little-endian, as in a pickle
  out_.append(bytes, sizeof(T));
}

void PickleWriter::integer(int64_t value) {
  if (value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max()) {
    out_ += 'J';
    bytes_of(static_cast<int32_t>(value));
  } else {
    out_ += "\x8a\x08";
    bytes_of(value);
  }
}

void PickleWriter::real(double value) {
  out_ += 'G';
  bytes_of(value);
  std::reverse(out_.end() - sizeof(value), out_.end()); // big-endian, unlike everything else
}

void PickleWriter::text(std::string_view value) {
  const auto [known, is_new] = known_.try_emplace("t" + std::string(value), remembered_);
  if (!is_new) {
    return again(known->second);
  }
  out_ += 'X';
  bytes_of(static_cast<uint32_t>(value.size()));
  out_ += value;
  remember();
}

void PickleWriter::global(std::string_view module, std::string_view name) {
  const std::string opcode = "c" + std::string(module) + "\n" + std::string(name) + "\n";
  const auto [known, is_new] = known_.try_emplace(opcode, remembered_);
  if (!is_new) {
    return again(known->second);
  }
  out_ += opcode;
  remember();
}

void PickleWriter::global(std::string_view qualified) {
  const size_t dot = qualified.rfind('.');
  global(dot == std::string_view::npos ? "" : qualified.substr(0, dot),
         dot == std::string_view::npos ? qualified : qualified.substr(dot + 1));
}

uint32_t PickleWriter::remember() {
  out_ += 'r';
  bytes_of(remembered_);
  return remembered_++;
}

void PickleWriter::again(uint32_t number) {
  out_ += 'j';
  bytes_of(number);
}

std::string PickleWriter::finished() && {
  return std::move(out_ += '.');
}

} // namespace tsir
