// What a report page shows, as plain data. The page holds all of it, and is made from nothing else.
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tsir {

// A name with its text or number, for lists that keep their order.
using NamedText = std::pair<std::string, std::string>;
using NamedCount = std::pair<std::string, int64_t>;

// A box of a drawing.
struct ReportBox {
  std::string title;               // "conv2d"
  std::string op;                  // "aten::conv2d"; "" if it is not one operator
  std::string text;                // the node as text, its place in the source, and that line; may have several lines
  std::string kind;                // "activation"
  std::string module;              // "layer1.0.conv1"; "" if unknown
  std::vector<std::string> values; // names of the values that it defines, and of those that are folded into it
  std::vector<std::string> types;  // "%3: float32[1, 64]", as observed in a run; empty if nothing was run
  std::vector<NamedText> cost;     // {"operations", "1.2 GFLOP"}; empty if unknown
};

struct ReportPicture {
  std::string level; // of detail; "" if everything is drawn
  std::string note;  // what the layout left out, or why there is no drawing; "" for nothing
  std::vector<ReportBox> boxes;
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
  std::string tool; // "tsir 0.1.0 (LibTorch 2.13.0)"
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
  std::vector<NamedText> profile; // the time of each operator before any pass
  std::vector<ReportPass> passes_run;
  std::vector<ReportPicture> pictures;
};

using ReportJson = nlohmann::ordered_json;

// nlohmann's conversions. What has its default value is left out, and missing fields get their default, so that pages
// of other versions can be read.
void to_json(ReportJson& json, const ReportPartner& partner);
void from_json(const ReportJson& json, ReportPartner& partner);
void to_json(ReportJson& json, const ReportBox& box);
void from_json(const ReportJson& json, ReportBox& box);
void to_json(ReportJson& json, const ReportSpeed& speed);
void from_json(const ReportJson& json, ReportSpeed& speed);
void to_json(ReportJson& json, const ReportTable& table);
void from_json(const ReportJson& json, ReportTable& table);
void to_json(ReportJson& json, const ReportPicture& picture);
void from_json(const ReportJson& json, ReportPicture& picture);
void to_json(ReportJson& json, const ReportPass& pass);
void from_json(const ReportJson& json, ReportPass& pass);
// Schema tsir.report/1. Without the pictures' SVG.
void to_json(ReportJson& json, const ReportData& data);
void from_json(const ReportJson& json, ReportData& data);

} // namespace tsir
