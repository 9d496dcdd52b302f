// Writes a pickle in the form that LibTorch writes, opcode by opcode, without making LibTorch's values first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tsir {

class PickleWriter {
public:
  PickleWriter();

  void none() { out_ += 'N'; }
  void boolean(bool value) { out_ += value ? '\x88' : '\x89'; }
  void integer(int64_t value);
  void real(double value);
  void text(std::string_view value); // each text is stored once
  // A class or function: ("torch._utils", "_rebuild_tensor_v2").
  void global(std::string_view module, std::string_view name);
  // As above, from the qualified name: "__torch__.m.Net".
  void global(std::string_view qualified);

  void mark() { out_ += '('; }
  void tuple() { out_ += 't'; } // of what was written since the mark
  void empty_tuple() { out_ += ')'; }
  void empty_list() { out_ += ']'; }
  void append_all() { out_ += 'e'; } // what was written since the mark, to the list before it
  void empty_dict() { out_ += '}'; }
  void set_items() { out_ += 'u'; } // keys and values since the mark, in the dict before it
  void new_object() { out_ += ")\x81"; }
  void build() { out_ += 'b'; } // gives an object its state
  void call() { out_ += 'R'; }  // a function with a tuple of arguments
  void storage() { out_ += 'Q'; }

  // Stores the value that was written last, and returns its number; again() writes it once more.
  uint32_t remember();
  void again(uint32_t number);

  size_t size() const { return out_.size(); }
  std::string finished() &&; // the pickle

private:
  template <class T> void bytes_of(T value);

  std::string out_;
  uint32_t remembered_ = 0;
  std::unordered_map<std::string, uint32_t>
      known_; // texts after a 't', and the opcodes of globals, which begin with 'c'
};

} // namespace tsir
