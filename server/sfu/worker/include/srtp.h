/*
 * The part of libsrtp 3's interface that mediasoup calls, expressed on libsrtp 2.
 *
 * mediasoup is written for libsrtp 3; Debian has libsrtp 2. The two differ in how a policy is
 * described (an opaque object there, a plain struct here) and in that version 3 reads a packet
 * from one buffer and writes it to another, where version 2 works in place. C++ tells the two
 * sets of functions apart by their parameters, so both can keep the same names.
 */
#ifndef PARLEY_SRTP_H
#define PARLEY_SRTP_H

/* Both versions use this name, for different things. */
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

/* Status codes that version 2 does not know and therefore never returns by itself. */
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err = static_cast<srtp_err_status_t>(29);

/* A version 2 policy together with the key bytes it points to. */
struct ParleySrtpPolicy
{
  srtp2_policy_t policy{};
  unsigned char key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = ParleySrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
  *policy = new (std::nothrow) ParleySrtpPolicy();

  return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
  if (policy)
  {
    /* Through a volatile pointer, so that the compiler keeps the wiping of the key. */
    volatile unsigned char* key = policy->key;

    std::fill_n(key, sizeof(policy->key), static_cast<unsigned char>(0));
  }

  delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
  policy->policy.ssrc = ssrc;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
  const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

  return status == srtp_err_status_ok
           ? srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile)
           : status;
}

/* One master key without an identifier (MKI), which is all that DTLS-SRTP negotiates here. */
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLength,
  const uint8_t* salt,
  size_t saltLength,
  const uint8_t* mki,
  size_t mkiLength)
{
  if (policy->policy.key || mki || mkiLength > 0 || keyLength + saltLength > sizeof(policy->key))
  {
    return srtp_err_status_bad_param;
  }

  std::memcpy(policy->key, key, keyLength);
  std::memcpy(policy->key + keyLength, salt, saltLength);
  policy->policy.key = policy->key;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
  policy->policy.allow_repeat_tx = allow ? 1 : 0;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
  policy->policy.window_size = size;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
  return srtp_create(session, &policy->policy);
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
  return srtp_remove_stream(session, ssrc);
}

/*
 * Copies the packet to where the result shall be, unless it is there already, and lets version 2
 * transform it in place. `growth` is by how much the packet may become longer.
 */
template<typename Transform>
inline srtp_err_status_t parleySrtpTransform(
  const uint8_t* in, size_t inLength, uint8_t* out, size_t* outLength, size_t growth, Transform transform)
{
  if (inLength + growth > *outLength || inLength + growth > INT_MAX)
  {
    return srtp_err_status_buffer_small;
  }

  if (in != out)
  {
    std::memmove(out, in, inLength);
  }

  int length = static_cast<int>(inLength);
  const srtp_err_status_t status = transform(out, &length);

  if (status == srtp_err_status_ok)
  {
    *outLength = static_cast<size_t>(length);
  }

  return status;
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLength, uint8_t* srtp, size_t* srtpLength, size_t /*mkiIndex*/)
{
  return parleySrtpTransform(
    rtp, rtpLength, srtp, srtpLength, SRTP_MAX_TRAILER_LEN,
    [session](void* packet, int* length) { return srtp_protect(session, packet, length); });
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLength, uint8_t* rtp, size_t* rtpLength)
{
  return parleySrtpTransform(
    srtp, srtpLength, rtp, rtpLength, 0,
    [session](void* packet, int* length) { return srtp_unprotect(session, packet, length); });
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLength, uint8_t* srtcp, size_t* srtcpLength, size_t /*mkiIndex*/)
{
  return parleySrtpTransform(
    rtcp, rtcpLength, srtcp, srtcpLength, SRTP_MAX_TRAILER_LEN,
    [session](void* packet, int* length) { return srtp_protect_rtcp(session, packet, length); });
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLength, uint8_t* rtcp, size_t* rtcpLength)
{
  return parleySrtpTransform(
    srtcp, srtcpLength, rtcp, rtcpLength, 0,
    [session](void* packet, int* length) { return srtp_unprotect_rtcp(session, packet, length); });
}

#endif
