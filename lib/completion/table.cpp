#include "lib/completion/table.h"

namespace tsir {

NLOHMANN_JSON_SERIALIZE_ENUM(ValueKind, {{ValueKind::none, "none"},
                                         {ValueKind::text, "text"},
                                         {ValueKind::file, "file"},
                                         {ValueKind::folder, "folder"},
                                         {ValueKind::pipeline, "pipeline"},
                                         {ValueKind::pass, "pass"},
                                         {ValueKind::method, "method"},
                                         {ValueKind::input, "input"},
                                         {ValueKind::choice, "choice"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DescribedWord, word, help)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompletedOption, names, help, kind, joined, choices)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompletedSubcommand, name, help, options, positionals)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompletedPass, name, help, options)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CompletionTable, options, subcommands, passes, inputs, fills)

nlohmann::json to_json(const CompletionTable& table) {
  return table;
}

CompletionTable completion_table(const nlohmann::json& json) {
  return json.get<CompletionTable>();
}

} // namespace tsir
