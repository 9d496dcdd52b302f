#include "lib/ir/text/reader.h"

#include "lib/ir/text/definitions.h"
#include "lib/ir/text/graph_reader.h"

namespace tsir::ir_text {
namespace {

// module = __torch__.M{…}
void read_module(Cursor& cursor, const KeptConstants& kept, ReadText& read) {
  if (!cursor.skip("module")) {
    return;
  }
  cursor.expect("=");
  const Word start = cursor.peek();
  read.module = read_value(cursor, nullptr, kept);
  if (!read.module.isObject() || !read.module.toObjectRef().type()->is_module()) {
    cursor.fail(start, "this is not an object of a Module class");
  }
  const Definitions& definitions = *cursor.definitions();
  read.method = definitions.method_of_graph();
  const auto type = read.module.toObjectRef().type();
  if (read.method.empty() || definitions.class_of_graph() != type) {
    cursor.fail(start, fmt::format("no method of {} uses the graph at the beginning: `method forward(…) -> … = graph`",
                                   type->name()->qualifiedName()));
  }
}

ReadText read_all(Cursor& cursor, GraphReader& reader, const GraphPtr& graph, const KeptConstants& kept) {
  Definitions& definitions = *cursor.definitions();
  reader.graph(graph);
  if (cursor.at("with")) {
    cursor.fail("no node of the graph above uses this graph");
  }
  definitions.read_all(cursor, [&](Cursor&, const GraphPtr& into) { reader.graph(into); });
  ReadText read{graph, {}, "", definitions.empty() ? nullptr : definitions.unit(), {}};
  read_module(cursor, kept, read);
  if (cursor.peek().kind != WordKind::end) {
    cursor.fail("expected nothing after the graph");
  }
  return read;
}

} // namespace

ReadText read_text(std::string_view text, const std::string& path, const KeptConstants& kept) {
  const auto graph = std::make_shared<jit::Graph>();
  Definitions definitions(graph, kept);
  Cursor cursor(text, path, &definitions);
  if (cursor.peek().kind == WordKind::end) {
    throw Error(ErrorKind::load,
                fmt::format("{} does not contain a graph: a text file of IR begins with graph(…):", path));
  }
  std::vector<TextFault> faults;
  try {
    GraphReader reader(cursor, kept);
    try {
      ReadText read = read_all(cursor, reader, graph, kept);
      if (reader.faults().empty()) {
        read.warnings = reader.warnings();
        std::ranges::sort(read.warnings, {},
                          [](const TextFault& warning) { return std::pair(warning.line, warning.column); });
        return read;
      }
    } catch (const ParseAborted&) {
    } catch (const TextError& error) {
      reader.faults().push_back(error.faults().at(0));
    }
    faults = reader.faults();
  } catch (const TextError&) {
    throw;
  } catch (const std::exception& error) {
    cursor.fail(one_line(error));
  }
  throw TextError(faults);
}

} // namespace tsir::ir_text
