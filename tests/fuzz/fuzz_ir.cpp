// Damages .ir texts, and reads what comes out: nothing may crash, hang or take memory without bound, and whatever can
// be read must print, and print the same when read again.
//
//     tsir_fuzz_ir SECONDS SEED FILE.ir…
//
// Each text is written to ./fuzz-attempt.ir before it is read, so that a crash leaves what made it.
#include "lib/core/error.h"
#include "lib/ir/text/cursor.h"
#include "lib/ir/text/unit_printer.h"
#include "lib/model/text_ir.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>

namespace tsir {
namespace {

class Fuzzer {
public:
  Fuzzer(uint64_t seed, std::vector<std::string> texts) : random_(seed), texts_(std::move(texts)) {
    for (const std::string& text : texts_) {
      const auto words = words_of(text);
      words_.insert(words_.end(), words.begin(), words.end());
    }
  }

  std::string next() {
    std::string text = texts_[below(texts_.size())];
    for (size_t changes = 1 + below(6); changes > 0; --changes) {
      change(text);
    }
    return text;
  }

private:
  size_t below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  static std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    ir_text::Cursor cursor(text, "");
    try {
      for (; cursor.peek().kind != ir_text::WordKind::end; cursor.next()) {
        const bool variable = cursor.peek().kind == ir_text::WordKind::variable;
        words.push_back((variable ? "%" : "") + std::string(cursor.peek().text));
      }
    } catch (const Error&) { // a string without an end
    }
    return words;
  }

  void change(std::string& text) {
    const size_t place = below(text.size() + 1);
    const size_t length = std::min(below(below(4) == 0 ? 400 : 12), text.size() - place);
    switch (below(7)) {
    case 0: // other bytes
      for (size_t at = place; at < place + length; ++at) {
        text[at] = static_cast<char>(random_());
      }
      break;
    case 1: // gone
      text.erase(place, length);
      break;
    case 2: // twice
      text.insert(place, text.substr(place, length));
      break;
    case 3: { // a word of any text in place of another
      size_t start = place;
      while (start < text.size() && std::isalnum(static_cast<unsigned char>(text[start])) == 0) {
        ++start;
      }
      size_t end = start;
      while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) {
        ++end;
      }
      text.replace(start, end - start, words_[below(words_.size())]);
      break;
    }
    case 4: // a word more
      text.insert(place, " " + words_[below(words_.size())] + " ");
      break;
    case 5: { // two lines change places
      const size_t first = line_at(text, below(text.size() + 1));
      const size_t second = line_at(text, below(text.size() + 1));
      const std::string one = text.substr(first, text.find('\n', first) - first);
      const std::string other = text.substr(second, text.find('\n', second) - second);
      if (first < second) {
        text.replace(second, other.size(), one);
        text.replace(first, one.size(), other);
      }
      break;
    }
    default: { // the end is another text's
      const std::string& other = texts_[below(texts_.size())];
      text = text.substr(0, place) + other.substr(below(other.size() + 1));
    }
    }
  }

  static size_t line_at(const std::string& text, size_t place) {
    const size_t before = place == 0 ? std::string::npos : text.rfind('\n', place - 1);
    return before == std::string::npos ? 0 : before + 1;
  }

  std::mt19937_64 random_;
  std::vector<std::string> texts_;
  std::vector<std::string> words_;
};

std::string printed(const Unit& unit) {
  const auto keep = [](const c10::IValue&) { return std::string("xxh3_0"); };
  return ir_text::unit_text(
      {*unit.graph(), unit.has_module() ? c10::IValue(unit.module()._ivalue()) : c10::IValue(), unit.name()}, false,
      keep);
}

// Whether the text could be read. Throws std::logic_error where it does not print as it should.
bool attempt(const std::string& text) {
  std::string first;
  try {
    first = printed(parse_unit(text, "fuzz-constants"));
  } catch (const Error& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) {
      throw std::logic_error("a message of several lines");
    }
    return false;
  }
  if (first.find("xxh3_") == std::string::npos && printed(parse_unit(first, "fuzz-constants")) != first) {
    throw std::logic_error("it prints as another text when read again");
  }
  return true;
}

std::string whole_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int fuzz(double seconds, uint64_t seed, std::vector<std::string> texts) {
  Fuzzer fuzzer(seed, std::move(texts));
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  size_t attempts = 0;
  size_t read = 0;
  for (; std::chrono::steady_clock::now() < end; ++attempts) {
    const std::string text = fuzzer.next();
    std::ofstream("fuzz-attempt.ir", std::ios::binary) << text;
    const auto start = std::chrono::steady_clock::now();
    try {
      read += attempt(text) ? 1 : 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "attempt %zu of seed %llu (fuzz-attempt.ir): %s\n", attempts,
                   static_cast<unsigned long long>(seed), error.what());
      return 1;
    }
    if (std::chrono::steady_clock::now() - start > std::chrono::seconds(20)) {
      std::fprintf(stderr, "attempt %zu of seed %llu (fuzz-attempt.ir) took too long\n", attempts,
                   static_cast<unsigned long long>(seed));
      return 1;
    }
  }
  std::printf("%zu texts, %zu of which could be read\n", attempts, read);
  return 0;
}

} // namespace
} // namespace tsir

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: tsir_fuzz_ir SECONDS SEED FILE.ir…\n");
    return 2;
  }
  std::vector<std::string> texts;
  for (int i = 3; i < argc; ++i) {
    texts.push_back(tsir::whole_file(argv[i]));
  }
  return tsir::fuzz(std::strtod(argv[1], nullptr), std::strtoull(argv[2], nullptr, 10), std::move(texts));
}
