//! Inclusion proofs: that a leaf stands in a log of some size, shown without the other leaves.
//!
//! What RFC 6962 section 2.1.1 calls an audit path, from the leaf's sibling up to the root's children.

use crate::merkle::node_hash;
use interlock_domain::Digest;

/// The hashes of a whole tree, level by level, the leaves first.
///
/// A node without a sibling goes up as it is: this gives the tree of RFC 6962, whose left part is
/// always the largest full one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels(Vec<Vec<Digest>>);

impl Levels {
    /// The tree over the hashes of leaves.
    pub fn over(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above = below.chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                _ => pair[0],
            });
            levels.push(above.collect());
        }
        Self(levels)
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.0.first().map_or(0, Vec::len) as u64
    }

    /// The hash of a leaf.
    pub fn leaf(&self, seq: u64) -> Option<Digest> {
        self.0[0].get(usize::try_from(seq).ok()?).copied()
    }

    /// The root; the hash of nothing when there is no leaf.
    pub fn root(&self) -> Digest {
        let top = self.0.last().and_then(|level| level.first());
        top.copied().unwrap_or_else(|| Digest::of(b""))
    }

    /// The path from a leaf to the root, nearest first; none when there is no such leaf.
    pub fn path(&self, seq: u64) -> Option<Vec<Digest>> {
        let mut at = usize::try_from(seq).ok()?;
        self.0[0].get(at)?;
        let mut path = Vec::new();
        for level in &self.0 {
            path.extend(level.get(at ^ 1));
            at >>= 1;
        }
        Some(path)
    }
}

/// The root that a path leads to from a leaf; none when a log of this size has no such path.
///
/// This is the check of RFC 9162 section 2.1.3.2.
pub fn root_of(leaf: Digest, seq: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if seq >= size {
        return None;
    }
    let (mut at, mut last, mut node) = (seq, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            node = node_hash(sibling, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Tree, leaf_hash};
    use proptest::prelude::*;

    fn leaves(count: u16) -> Vec<Digest> {
        (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect()
    }

    /// The path as RFC 6962 section 2.1.1 defines it, written as it stands there.
    fn by_definition(seq: usize, leaves: &[Digest]) -> Vec<Digest> {
        if leaves.len() <= 1 {
            return Vec::new();
        }
        let mut k = 1;
        while k * 2 < leaves.len() {
            k *= 2;
        }
        let root = |part: &[Digest]| Levels::over(part.to_vec()).root();
        let (mut path, sibling) = if seq < k {
            (by_definition(seq, &leaves[..k]), root(&leaves[k..]))
        } else {
            (by_definition(seq - k, &leaves[k..]), root(&leaves[..k]))
        };
        path.push(sibling);
        path
    }

    #[test]
    fn a_log_of_one_leaf_has_an_empty_path_and_an_empty_log_none() {
        let one = Levels::over(leaves(1));
        assert_eq!(one.path(0), Some(vec![]));
        assert_eq!(root_of(leaves(1)[0], 0, 1, &[]), Some(one.root()));
        let none = Levels::over(vec![]);
        assert_eq!(
            (none.size(), none.root(), none.path(0)),
            (0, Digest::of(b""), None)
        );
        assert_eq!(root_of(Digest::of(b"x"), 0, 0, &[]), None);
    }

    proptest! {
        #[test]
        fn every_path_is_the_defined_one_and_leads_to_the_root(count in 1_u16..130) {
            let leaves = leaves(count);
            let mut tree = Tree::default();
            for leaf in &leaves {
                tree.push(*leaf);
            }
            let levels = Levels::over(leaves.clone());
            prop_assert_eq!(levels.root(), tree.root());
            for (seq, leaf) in leaves.iter().enumerate() {
                let path = levels.path(seq as u64).unwrap();
                prop_assert_eq!(&path, &by_definition(seq, &leaves));
                let root = root_of(*leaf, seq as u64, u64::from(count), &path);
                prop_assert_eq!(root, Some(tree.root()));
            }
            prop_assert_eq!(levels.path(u64::from(count)), None);
        }

        #[test]
        fn nothing_else_leads_to_the_root(count in 2_u16..90, at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
            let leaves = leaves(count);
            let (seq, other) = (at.index(leaves.len()), other.index(leaves.len()));
            let levels = Levels::over(leaves.clone());
            let path = levels.path(seq as u64).unwrap();
            let size = u64::from(count);
            if seq != other {
                prop_assert_ne!(root_of(leaves[other], seq as u64, size, &path), Some(levels.root()));
                prop_assert_ne!(root_of(leaves[seq], other as u64, size, &path), Some(levels.root()));
            }
            for cut in 0..path.len() {
                let mut edited = path.clone();
                edited[cut] = Digest::of(b"another");
                prop_assert_ne!(root_of(leaves[seq], seq as u64, size, &edited), Some(levels.root()));
                edited.remove(cut);
                prop_assert_ne!(root_of(leaves[seq], seq as u64, size, &edited), Some(levels.root()));
            }
            let longer = [&path[..], &[levels.root()]].concat();
            prop_assert_eq!(root_of(leaves[seq], seq as u64, size, &longer), None);
        }
    }
}
