// Replaces value names in IR text by FileCheck variables: names of values may change, but not their uses.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace tsir {

class Captures {
public:
  // Converts `line` to a pattern: `%[[ADD:[^ ,:)]+]]` at the first occurrence of a value, `%[[ADD]]` afterwards. All
  // other text is matched literally. A variable is named after the user-given name of the value, or after its operator.
  // Outside of graphs, in messages, new values with names are not replaced.
  std::string pattern(std::string_view line, bool in_graph = true);
  // Call this at a CHECK-LABEL, where FileCheck forgets its variables.
  void forget();

private:
  std::string reference(std::string_view name, std::string_view kind, bool delimited);
  std::string free_name(const std::string& wanted);

  std::unordered_map<std::string, std::string> variables_; // by value
  std::unordered_set<std::string> taken_;
};

// Escapes text so that FileCheck matches it literally.
std::string escaped_literal(std::string_view text);

} // namespace tsir
