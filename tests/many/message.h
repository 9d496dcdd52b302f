// What the programs of this folder say to each other: JSON in packets of a Unix socket, with open files.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <sys/un.h>
#include <vector>

namespace tsir::many {

// An open file, which is closed with this object.
class Descriptor {
public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int number() const { return number_; }

private:
  int number_ = -1;
};

struct Message {
  nlohmann::json contents; // null if the other side has closed the connection
  std::vector<Descriptor> files;
};

// The address of a socket in the file system. Throws std::runtime_error if the path is too long.
sockaddr_un address_of(const std::string& path);

// Returns whether it was sent: not if it is too long for a packet, or if the other side is gone.
bool send(int socket, const nlohmann::json& contents, const std::vector<int>& files = {});

// Waits for a message. Throws std::runtime_error if it cannot be read.
Message receive(int socket);

} // namespace tsir::many
