/*
 * The names of the unordered_dense library that mediasoup uses, on the standard containers.
 *
 * The library is header-only, is not in Debian and is chosen by mediasoup for speed alone; its
 * containers promise less than the standard ones do, so these can stand in for them anywhere.
 */
#ifndef PARLEY_ANKERL_UNORDERED_DENSE_H
#define PARLEY_ANKERL_UNORDERED_DENSE_H

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
  template<typename Key>
  using hash = std::hash<Key>;

  template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
  using map = std::unordered_map<Key, Value, Hash, Equal>;

  template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
  using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
