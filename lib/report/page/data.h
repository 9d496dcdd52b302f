// What a report page shows, as plain data. The page holds all of it, and is made from nothing else.
#pragma once

#include "lib/report/page/fields.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tsir {

// A name with its text or number, for lists that keep their order.
using NamedText = std::pair<std::string, std::string>;
using NamedCount = std::pair<std::string, int64_t>;

// What a box needs in one call, for colours. Below 0: unknown.
struct ReportNumbers {
  double time = -1;   // nanoseconds
  double flops = -1;  // operations
  double memory = -1; // bytes read and written
};

// A box of a drawing.
struct ReportBox {
  std::string title;               // "conv2d"
  std::string op;                  // "aten::conv2d"; "" if it is not one operator
  std::string text;                // the node as text, its place in the source, and that line; may have several lines
  std::string kind;                // "activation"
  std::string module;              // "layer1.0.conv1"; "" if unknown
  std::vector<std::string> values; // names of the values that it defines, and of those that are folded into it
  std::vector<std::string> types;  // "%3: float32[1, 64]", as observed in a run; empty if nothing was run
  std::vector<NamedText> cost;     // {"computes", "1.2 G operations"}; empty if unknown
  int frame = -1;                  // index of the frame around it
  ReportNumbers numbers;
};

// A frame around boxes: a branch, a loop, a fused group, what is repeated.
struct ReportFrame {
  std::string title;
  std::string text; // the node as text, its place in the source, and that line
  int parent = -1;  // index of the frame around it
  std::vector<NamedText> cost;
  ReportNumbers numbers; // of a group that runs at once
};

struct ReportPicture {
  std::string level; // of detail; "" if everything is drawn
  std::string note;  // what the layout left out, or why there is no drawing; "" for nothing
  std::vector<ReportBox> boxes;
  std::vector<ReportFrame> frames;
  std::string svg; // as reduced_svg() returns it; "" for none. The page holds it as an element, not in the JSON
};

// A box before a pass and its partner after it.
struct ReportPartner {
  size_t before = 0; // indices of boxes
  size_t after = 0;
  bool changed = false; // they differ in their label
};

// A measured change of the run time. Ratios are times divided by those of the reference: below 1 is faster.
struct ReportSpeed {
  std::string verdict; // "FASTER"; "" if it was not measured
  std::string text;    // "FASTER 1.42x [1.40, 1.44]"
  double ratio = 1;
  double low = 1;
  double high = 1;
};

struct ReportPass {
  std::string name;
  std::string use;    // with its options
  std::string passes; // the pipeline text that gives the state after it
  bool changed = false;
  std::string failure; // why it has no result; "" if it has one
  double seconds = 0;
  std::string note;
  std::string analysis; // the report of an analysis
  size_t nodes_before = 0;
  size_t nodes_after = 0;
  std::vector<NamedCount> operators; // added (positive) or removed, by kind
  std::string verdict;               // of verify: "identical"; "" if it was not verified
  std::string verdict_detail;        // the reason, the largest difference, remarks
  std::string reproduce;             // the command that verifies this pass; "" if it was not verified
  ReportSpeed speed;                 // against the state before it
  ReportSpeed speed_from_start;
  std::vector<NamedText> profile; // the time of each operator after the pass, the longest first
  std::string diff;               // of the graphs as text, in the format of `diff -u`
  std::string nodes;              // the difference by structure, one line for each node
  int before = -1;                // the pictures; -1 for none
  int after = -1;
  std::vector<ReportPartner> partners;
};

// A table of a bench.
struct ReportTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct ReportData {
  std::string tool; // "tsir 0.2.0 (LibTorch 2.13.0)"
  std::string file; // without its folder
  std::string method;
  std::string passes; // the pipeline
  bool each = false;  // each pass alone, from the start
  std::string date;
  std::vector<NamedText> commands; // {"this page", "tsir report …"}
  std::vector<NamedText> facts;    // {"machine", "…"}, {"inputs", "…"}, {"seed", "0"}
  std::vector<std::string> warnings;
  ReportTable bench;              // without columns if nothing was timed
  std::string bench_text;         // the whole report of the bench
  std::string plots;              // gnuplot's drawing of it, as reduced_plot() returns it; "" for none. Not in the JSON
  std::vector<NamedText> profile; // the time of each operator before any pass
  std::vector<ReportPass> passes_run;
  std::vector<ReportPicture> pictures;
};

// A partner is an array of three numbers.
void to_json(ReportJson& json, const ReportPartner& partner);
void from_json(const ReportJson& json, ReportPartner& partner);
// Schema tsir.report/1. Without pictures' SVG and without the plots.
void to_json(ReportJson& json, const ReportData& data);
void from_json(const ReportJson& json, ReportData& data);

// --- the names of fields in JSON ---

inline auto fields_of(const ReportNumbers*) {
  return std::tuple(field("time", &ReportNumbers::time), field("flops", &ReportNumbers::flops),
                    field("memory", &ReportNumbers::memory));
}

inline auto fields_of(const ReportBox*) {
  using Box = ReportBox;
  return std::tuple(field("title", &Box::title), field("op", &Box::op), field("text", &Box::text),
                    field("kind", &Box::kind), field("module", &Box::module), field("values", &Box::values),
                    field("types", &Box::types), field("cost", &Box::cost), field("frame", &Box::frame),
                    field("numbers", &Box::numbers));
}

inline auto fields_of(const ReportFrame*) {
  using Frame = ReportFrame;
  return std::tuple(field("title", &Frame::title), field("text", &Frame::text), field("parent", &Frame::parent),
                    field("cost", &Frame::cost), field("numbers", &Frame::numbers));
}

inline auto fields_of(const ReportSpeed*) {
  using Speed = ReportSpeed;
  return std::tuple(field("verdict", &Speed::verdict), field("text", &Speed::text), field("ratio", &Speed::ratio),
                    field("low", &Speed::low), field("high", &Speed::high));
}

inline auto fields_of(const ReportTable*) {
  return std::tuple(field("columns", &ReportTable::columns), field("rows", &ReportTable::rows));
}

inline auto fields_of(const ReportPicture*) {
  using Picture = ReportPicture;
  return std::tuple(field("level", &Picture::level), field("note", &Picture::note), field("boxes", &Picture::boxes),
                    field("frames", &Picture::frames));
}

inline auto fields_of(const ReportPass*) {
  using Pass = ReportPass;
  return std::tuple(field("name", &Pass::name), field("use", &Pass::use), field("passes", &Pass::passes),
                    field("changed", &Pass::changed), field("failure", &Pass::failure),
                    field("seconds", &Pass::seconds), field("note", &Pass::note), field("analysis", &Pass::analysis),
                    field("nodes_before", &Pass::nodes_before), field("nodes_after", &Pass::nodes_after),
                    field("operators", &Pass::operators), field("verdict", &Pass::verdict),
                    field("verdict_detail", &Pass::verdict_detail), field("reproduce", &Pass::reproduce),
                    field("speed", &Pass::speed), field("speed_from_start", &Pass::speed_from_start),
                    field("profile", &Pass::profile), field("diff", &Pass::diff), field("nodes", &Pass::nodes),
                    field("before", &Pass::before), field("after", &Pass::after), field("partners", &Pass::partners));
}

inline auto fields_of(const ReportData*) {
  using Data = ReportData;
  return std::tuple(field("tool", &Data::tool), field("file", &Data::file), field("method", &Data::method),
                    field("passes", &Data::passes), field("each", &Data::each), field("date", &Data::date),
                    field("commands", &Data::commands), field("facts", &Data::facts),
                    field("warnings", &Data::warnings), field("bench", &Data::bench),
                    field("bench_text", &Data::bench_text), field("profile", &Data::profile),
                    field("passes_run", &Data::passes_run), field("pictures", &Data::pictures));
}

} // namespace tsir
