//! Tables by hash, with a hash that costs less than the standard one and is seeded as that is:
//! who writes a template cannot choose keys that fall together.

use foldhash::fast::RandomState;

/// A table by key.
pub(crate) type HashMap<Key, Value> = std::collections::HashMap<Key, Value, RandomState>;

/// A set.
pub(crate) type HashSet<Member> = std::collections::HashSet<Member, RandomState>;
