// A load generator for the central service: one thread, many calls under way, so that it is never the bottleneck.
//
// Closed loop: each of N clients sends its next call when the last one is answered. Open loop (--rate): calls leave at the moments of a
// Poisson process and their latency counts from the moment at which they should have left, so that a stalled service cannot hide its queue.
// Prints one line of JSON. Knows the contract (proto/member/v1) and nothing else of the product; see tests/load/README.md.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include "proto/member/v1/member.grpc.pb.h"
#include "proto/member/v1/reward.grpc.pb.h"
#include "proto/member/v1/sync.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace member::v1;

constexpr int kDeadlineSeconds = 20;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Options {
 public:
  Options(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) values_[argv[i]] = argv[i + 1];
  }
  std::string Text(const std::string& name, const std::string& otherwise = "") const {
    auto found = values_.find("--" + name);
    if (found != values_.end()) return found->second;
    if (otherwise.empty()) throw std::runtime_error("--" + name + " is needed");
    return otherwise;
  }
  double Number(const std::string& name, double otherwise) const { return std::stod(Text(name, std::to_string(otherwise))); }

 private:
  std::map<std::string, std::string> values_;
};

// RFC 9562, section 5.7.
class Ids {
 public:
  explicit Ids(std::mt19937_64& random) : random_(random) {}
  std::string New() {
    using std::chrono::milliseconds;
    uint64_t ms = std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    uint64_t a = random_(), b = random_();
    char text[37];
    std::snprintf(text, sizeof text, "%08x-%04x-7%03x-%04x-%012llx", static_cast<unsigned>(ms >> 16), static_cast<unsigned>(ms & 0xffff),
                  static_cast<unsigned>(a & 0xfff), static_cast<unsigned>(0x8000 | ((a >> 12) & 0x3fff)),
                  static_cast<unsigned long long>(b & 0xffffffffffffULL));
    return text;
  }

 private:
  std::mt19937_64& random_;
};

struct Tally {
  std::vector<double> latencies_ms;
  std::map<std::string, int64_t> failures;
  int64_t answered = 0;
};

// What is sent: one kind of call with the visits that it may use.
class Work {
 public:
  Work(const Options& options, std::mt19937_64& random)
      : method_(options.Text("method")), operations_(static_cast<int>(options.Number("operations", 100))),
        points_(static_cast<int64_t>(options.Number("points", 1))), reward_(options.Text("reward", "-")), random_(random), ids_(random) {
    std::ifstream visits(options.Text("visits"));
    for (std::string line; std::getline(visits, line);) if (!line.empty()) visits_.push_back(line);
    if (visits_.empty()) throw std::runtime_error("no visit in the file");
  }
  const std::string& method() const { return method_; }
  const std::string& AnyVisit() { return visits_[random_() % visits_.size()]; }

  void Fill(RedeemRequest* request) {
    auto* envelope = request->mutable_envelope();
    envelope->set_request_id(ids_.New());
    envelope->set_device_seq(++sequence_);
    envelope->mutable_occurred_at()->set_seconds(std::time(nullptr));
    request->set_visit_token(AnyVisit());
    if (reward_ == "-") {
      request->mutable_order()->set_points(points_);
    } else {
      request->mutable_order()->set_reward_id(reward_);
      request->mutable_order()->set_qty(1);
    }
  }
  void Fill(UploadRequest* request) {
    for (int i = 0; i < operations_; ++i) Fill(request->add_operations()->mutable_redeem());
  }
  void Fill(GetMemberRequest* request) { request->set_visit_token(AnyVisit()); }

 private:
  std::string method_;
  int operations_;
  int64_t points_;
  std::string reward_;
  std::mt19937_64& random_;
  Ids ids_;
  std::vector<std::string> visits_;
  int64_t sequence_ = 0;
};

struct Stubs {
  std::unique_ptr<RewardService::Stub> reward;
  std::unique_ptr<SyncService::Stub> sync;
  std::unique_ptr<MemberService::Stub> member;
};

class Call {
 public:
  explicit Call(Clock::time_point due) : due_(due) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(kDeadlineSeconds));
  }
  virtual ~Call() = default;
  // Returns how many operations were answered well.
  virtual int64_t Done(Tally* tally) = 0;
  void Count(Tally* tally) {
    std::chrono::duration<double, std::milli> took = Clock::now() - due_;
    if (!status_.ok()) {
      ++tally->failures[std::to_string(status_.error_code()) + " " + status_.error_message()];
      return;
    }
    tally->latencies_ms.push_back(took.count());
    tally->answered += Done(tally);
  }

 protected:
  grpc::ClientContext context_;
  grpc::Status status_;

 private:
  Clock::time_point due_;
};

template <typename Response>
class Unary : public Call {
 public:
  using Call::Call;
  template <typename Begin>
  void Start(Begin begin) {
    reader_ = begin(&context_);
    reader_->Finish(&response_, &status_, this);
  }
  int64_t Done(Tally* tally) override { return Answered(response_, tally); }

 private:
  static int64_t Answered(const UploadResponse& response, Tally* tally) {
    int64_t good = 0;
    for (const auto& result : response.results()) {
      if (result.has_refusal()) ++tally->failures["refused " + Reason_Name(result.refusal().reason())];
      else ++good;
    }
    return good;
  }
  template <typename Any>
  static int64_t Answered(const Any&, Tally*) { return 1; }

  Response response_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
};

void Send(Work& work, Stubs& stubs, grpc::CompletionQueue* queue, Clock::time_point due) {
  if (work.method() == "redeem") {
    RedeemRequest request;
    work.Fill(&request);
    (new Unary<RedeemResponse>(due))->Start([&](auto* context) { return stubs.reward->AsyncRedeem(context, request, queue); });
  } else if (work.method() == "upload") {
    UploadRequest request;
    work.Fill(&request);
    (new Unary<UploadResponse>(due))->Start([&](auto* context) { return stubs.sync->AsyncUpload(context, request, queue); });
  } else if (work.method() == "identify") {
    GetMemberRequest request;
    work.Fill(&request);
    (new Unary<GetMemberResponse>(due))->Start([&](auto* context) { return stubs.member->AsyncGetMember(context, request, queue); });
  } else {
    throw std::runtime_error("unknown method " + work.method());
  }
}

std::vector<Stubs> Connect(const Options& options) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadFile(options.Text("authority"));
  tls.pem_cert_chain = ReadFile(options.Text("certificate"));
  tls.pem_private_key = ReadFile(options.Text("private-key"));
  auto credentials = grpc::SslCredentials(tls);
  std::vector<Stubs> all;
  for (int i = 0; i < static_cast<int>(options.Number("channels", 8)); ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(options.Text("target"), credentials, arguments);
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) throw std::runtime_error("no connection");
    all.push_back({RewardService::NewStub(channel), SyncService::NewStub(channel), MemberService::NewStub(channel)});
  }
  return all;
}

double Quantile(const std::vector<double>& sorted, double part) {
  return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, static_cast<size_t>(part * sorted.size()))];
}

void Print(Tally& tally, double seconds) {
  std::sort(tally.latencies_ms.begin(), tally.latencies_ms.end());
  std::ostringstream failures;
  for (const auto& [what, count] : tally.failures) failures << (failures.tellp() ? "," : "") << '"' << what << "\":" << count;
  std::printf("{\"operations\":%lld,\"calls\":%zu,\"seconds\":%.4f,\"per_s\":%.2f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"failures\":{%s}}\n",
              static_cast<long long>(tally.answered), tally.latencies_ms.size(), seconds, tally.answered / seconds,
              Quantile(tally.latencies_ms, 0.5), Quantile(tally.latencies_ms, 0.99), tally.latencies_ms.empty() ? 0 : tally.latencies_ms.back(),
              failures.str().c_str());
}

// Takes finished calls from the queue until `until` or until none is under way; a tag of null is the alarm of the open loop.
class Loop {
 public:
  Loop(Work& work, std::vector<Stubs>& stubs, Tally& tally) : work_(work), stubs_(stubs), tally_(tally) {}

  void Closed(int clients, Clock::time_point until) {
    for (int i = 0; i < clients; ++i) Begin(Clock::now());
    while (under_way_ > 0 && Take()) if (Clock::now() < until) Begin(Clock::now());
  }

  void Open(double rate, Clock::time_point until, std::mt19937_64& random) {
    std::exponential_distribution<double> gap_s(rate);
    auto next = Clock::now();
    while (next < until || under_way_ > 0) {
      auto now = Clock::now();
      while (next <= now && next < until) {
        Begin(next);
        next += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(gap_s(random)));
      }
      auto wait = next < until ? next - Clock::now() : std::chrono::seconds(kDeadlineSeconds);
      TakeBefore(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(wait));
    }
  }

 private:
  void Begin(Clock::time_point due) {
    Send(work_, stubs_[turn_++ % stubs_.size()], &queue_, due);
    ++under_way_;
  }
  bool Take() {
    void* tag;
    bool ok;
    if (!queue_.Next(&tag, &ok)) return false;
    Finish(tag);
    return true;
  }
  void TakeBefore(std::chrono::system_clock::time_point limit) {
    void* tag;
    bool ok;
    if (queue_.AsyncNext(&tag, &ok, limit) == grpc::CompletionQueue::GOT_EVENT) Finish(tag);
  }
  void Finish(void* tag) {
    std::unique_ptr<Call> call(static_cast<Call*>(tag));
    --under_way_;
    call->Count(&tally_);
  }

  Work& work_;
  std::vector<Stubs>& stubs_;
  Tally& tally_;
  grpc::CompletionQueue queue_;
  size_t turn_ = 0;
  int under_way_ = 0;
};

int Run(const Options& options) {
  std::mt19937_64 random(std::random_device{}());
  Work work(options, random);
  auto stubs = Connect(options);
  const double seconds = options.Number("seconds", 5), rate = options.Number("rate", 0), warm_up = options.Number("warm-up", 1);
  const int clients = static_cast<int>(options.Number("clients", 1));
  Tally warm, tally;
  auto from_now = [](double s) { return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s)); };
  if (warm_up > 0) Loop(work, stubs, warm).Closed(clients, from_now(warm_up));
  auto start = Clock::now();
  Loop loop(work, stubs, tally);
  if (rate > 0) loop.Open(rate, from_now(seconds), random);
  else loop.Closed(clients, from_now(seconds));
  Print(tally, std::chrono::duration<double>(Clock::now() - start).count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(Options(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "loadgen: " << error.what() << "\n";
    return 1;
  }
}
