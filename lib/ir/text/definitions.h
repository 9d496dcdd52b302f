// The definitions that follow a graph in .ir text: classes, named tuples, Enums, interfaces, functions.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// All definitions are found before the graph that uses them is read. Each is declared on first use: its kind and its
// methods are known then, but not the methods' bodies.
class Definitions {
public:
  // `graph` is the first graph of the text, which a method may name as its own. `kept` must outlive this object.
  Definitions(GraphPtr graph, const KeptConstants& kept);

  // Records the definition that begins at the cursor, or a member of the last definition. Returns whether there is one.
  bool note(const Cursor& cursor);

  // Null if the text does not define that name. Throws Error(load) if the definition is invalid.
  c10::TypePtr type(const Cursor& cursor, const std::string& name);
  jit::Function* function(const Cursor& cursor, const std::string& name);
  // The value of an Enum member such as __torch__.Color.RED; std::nullopt if the text does not define that Enum.
  std::optional<c10::IValue> enum_member(const Cursor& cursor, const std::string& name);

  // Reads all definitions, which come next in the text. `read_graph` reads the graph of a function into `into`.
  void read_all(Cursor& cursor, const std::function<void(Cursor& cursor, const GraphPtr& into)>& read_graph);

  bool empty() const { return found_.empty(); }
  const std::shared_ptr<jit::CompilationUnit>& unit() const { return unit_; }
  // The method that owns the first graph of the text: its name in its class; "" if there is none.
  const std::string& method_of_graph() const { return method_; }
  const c10::NamedTypePtr& class_of_graph() const { return class_; }

  std::unordered_map<int64_t, c10::IValue> marked;     // values marked with `&1`, by number
  std::unordered_map<int64_t, c10::ShapeSymbol> sizes; // of SS(-1), …

private:
  struct Member {
    size_t start;
    size_t end = 0; // where its graph begins, or where the next definition begins
    GraphPtr graph; // to be read into; the first graph of the text, which is already read; or null if there is no graph
  };
  struct Found {
    std::string keyword;
    std::string name;
    size_t start;
    std::vector<Member> members;
    c10::NamedTypePtr type;
    bool declared = false;
  };

  void declare(const Cursor& from, Found& found);
  static void check_one_result(const Cursor& cursor, const Member& member, const jit::Graph& graph);
  void declare_function(Cursor& cursor, Found& found);
  void declare_class(Cursor& cursor, Found& found);
  void declare_members(Cursor& cursor, Found& found, const std::string& base, const c10::TypePtr& values);
  void declare_member(Cursor& cursor, const c10::ClassTypePtr& type, Member& member);
  void declare_method(Cursor& cursor, const c10::ClassTypePtr& type, const std::string& keyword,
                      const std::string& name, Member& member);
  void declare_named_tuple(Cursor& cursor, Found& found);
  void declare_enum(Cursor& cursor, Found& found, const c10::TypePtr& values);
  void declare_interface(Cursor& cursor, Found& found, bool module);
  jit::Function* make_function(Cursor& cursor, const std::string& name, const c10::FunctionSchema& schema,
                               Member& member, bool may_be_first);
  c10::FunctionSchema schema(Cursor& cursor, const std::string& name);
  c10::Argument argument(Cursor& cursor, bool keyword_only);

  GraphPtr graph_;
  const KeptConstants& kept_;
  std::shared_ptr<jit::CompilationUnit> unit_;
  std::vector<Found> found_;
  std::unordered_map<std::string, size_t> numbers_;
  std::string method_;
  c10::NamedTypePtr class_;
};

} // namespace tsir::ir_text
