// What .ir text defines after its graph: classes, named tuples, Enums, interfaces, functions.
#pragma once

#include "lib/ir/text/values.h"

namespace tsir::ir_text {

// All are found before the graph is read, which uses them, and declared when they are first wanted: what a class is and
// which methods it has, but not yet what these do.
class Definitions {
public:
  // `graph`: the text's first, which a method may name as its own. The rest must outlive this.
  Definitions(GraphPtr graph, const KeptConstants& kept);

  // At a word: notes what is defined here, or a member of what was defined last. Gives whether there is anything.
  bool note(const Cursor& cursor);

  // Null where the text defines nothing of that name. Throws Error(load) where what it defines is wrong.
  c10::TypePtr type(const Cursor& cursor, const std::string& name);
  jit::Function* function(const Cursor& cursor, const std::string& name);
  // The value of __torch__.Color.RED; nothing where that is no Enum that the text defines.
  std::optional<c10::IValue> enum_member(const Cursor& cursor, const std::string& name);

  // Reads all definitions, which come next in the text: `read_graph` reads the graph of a function into another.
  void read_all(Cursor& cursor, const std::function<void(Cursor& cursor, const GraphPtr& into)>& read_graph);

  bool empty() const { return found_.empty(); }
  const std::shared_ptr<jit::CompilationUnit>& unit() const { return unit_; }
  // The method whose graph is the text's first: its name in its class; "" where there is none.
  const std::string& method_of_graph() const { return method_; }
  const c10::NamedTypePtr& class_of_graph() const { return class_; }

  std::unordered_map<int64_t, c10::IValue> marked;     // values that `&1` marks
  std::unordered_map<int64_t, c10::ShapeSymbol> sizes; // of SS(-1), …

private:
  struct Member {
    size_t start;
    size_t end = 0; // where its graph begins, or what comes after it
    GraphPtr graph; // to be read into, or the text's first, which is read already; null where there is none
  };
  struct Found {
    std::string keyword;
    std::string name;
    size_t start;
    std::vector<Member> members;
    c10::NamedTypePtr type;
    bool begun = false;
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
