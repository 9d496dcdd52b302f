// Records what every pass did, as data and as tables.
#pragma once

#include "lib/pass/observer.h"

namespace tsir {

struct PassRecord {
  std::string name;          // canonical
  std::string use;           // with its options
  std::string pipeline_text; // reproduces the state after the pass
  bool changed = false;
  double seconds = 0;
  std::string note;
  nlohmann::ordered_json data; // the report of an analysis
  size_t nodes_before = 0;     // of the unit's graph, subgraphs included
  size_t nodes_after = 0;
  std::string beyond_host = {};             // see PassResult
  std::map<std::string, int64_t> operators; // added (positive) or removed, by kind; unchanged kinds are left out
};

class RecordObserver : public Observer {
public:
  void before_pipeline(Unit& unit) override;
  void after_pass(const PassEvent& event, Unit& unit) override;
  const std::vector<PassRecord>& records() const { return records_; }

private:
  std::map<std::string, size_t> counts_;
  std::vector<PassRecord> records_;
};

// One row per pass: its time and its share of the total.
std::string time_table(const std::vector<PassRecord>& records);
// One row per pass: nodes before and after, operators added and removed.
std::string stats_table(const std::vector<PassRecord>& records);
nlohmann::ordered_json to_json(const std::vector<PassRecord>& records);

} // namespace tsir
