// The fuzz target of tools/fuzz: reads .ir text. Nothing may crash, hang or use memory without bound. Errors must start
// with their location. Any text that can be read must print, and print the same when it is read again.
#include "lib/base/error.h"
#include "lib/ir/text/unit_printer.h"
#include "lib/model/text_ir.h"
#include "tests/fuzz/ir_mutations.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace tsir::fuzz {
namespace {

constexpr const char* file = "fuzz-constants";

[[noreturn]] void found(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort(); // libFuzzer then keeps the text
}

std::string printed(const Unit& unit) {
  const auto keep = [](const c10::IValue&) { return std::string("xxh3_0"); };
  return ir_text::unit_text(
      {*unit.graph(), unit.has_module() ? c10::IValue(unit.module()._ivalue()) : c10::IValue(), unit.name()}, false,
      keep);
}

// The last of several graphs in a text.
std::string read_and_printed(const std::string& text) {
  const size_t graphs = count_graphs(text);
  return printed(parse_unit(text, file, {.graph = graphs > 1 ? graphs : 0}));
}

void attempt(const std::string& text) {
  std::string first;
  try {
    first = read_and_printed(text);
  } catch (const Error& error) {
    if (std::string_view(error.what()).find(file) == std::string_view::npos) {
      found(std::string("a message that does not say where: ") + error.what());
    }
    return;
  } catch (const std::exception& error) {
    found(std::string("no error of tsir's own: ") + error.what());
  }
  if (first.find("xxh3_") != std::string::npos) {
    return; // of a file beside it, which is not there
  }
  try {
    if (read_and_printed(first) != first) {
      found("it prints as another text when read again");
    }
  } catch (const std::exception& error) {
    found(std::string("what it prints cannot be read: ") + error.what());
  }
}

size_t put(const std::string& text, uint8_t* data, size_t max_size) {
  const size_t size = std::min(text.size(), max_size);
  std::memcpy(data, text.data(), size);
  return size;
}

std::string as_text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace
} // namespace tsir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsir::fuzz::attempt(tsir::fuzz::as_text(data, size));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  std::mt19937 random(seed);
  if (size == 0 || random() % 2 == 0) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  return tsir::fuzz::put(tsir::fuzz::changed(tsir::fuzz::as_text(data, size), random), data, max_size);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* first, size_t first_size, const uint8_t* second,
                                            size_t second_size, uint8_t* out, size_t max_size, unsigned int seed) {
  std::mt19937 random(seed);
  const std::string text =
      tsir::fuzz::crossed(tsir::fuzz::as_text(first, first_size), tsir::fuzz::as_text(second, second_size), random);
  return tsir::fuzz::put(text, out, max_size);
}
