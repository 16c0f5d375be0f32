//! RFC 6962 Merkle tree hashes, kept incrementally.

use interlock_domain::Digest;
use sha2::{Digest as _, Sha256};

/// Hash of a leaf: SHA-256 of a zero byte and the leaf's bytes.
pub fn leaf_hash(bytes: &[u8]) -> Digest {
    Digest::from_bytes(
        Sha256::new()
            .chain_update([0])
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

pub(crate) fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let hash = Sha256::new()
        .chain_update([1])
        .chain_update(left.as_bytes())
        .chain_update(right.as_bytes());
    Digest::from_bytes(hash.finalize().into())
}

/// The roots of the full subtrees of a growing tree, largest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<Digest>,
    /// Over all of them; every leaf is held to it more than once.
    root: Digest,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
            root: Digest::of(b""),
        }
    }
}

impl Tree {
    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        let mut size = self.size;
        while size & 1 == 1 {
            let left = self
                .peaks
                .pop()
                .expect("an odd size has a peak of that height");
            node = node_hash(&left, &node);
            size >>= 1;
        }
        let higher = self.peaks.iter().rev();
        self.root = higher.fold(node, |right, left| node_hash(left, &right));
        self.peaks.push(node);
        self.size += 1;
    }

    /// The tree's root; the hash of nothing when it is empty.
    pub const fn root(&self) -> Digest {
        self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition of RFC 6962 section 2.1, written as it stands there.
    fn by_definition(leaves: &[Vec<u8>]) -> Digest {
        match leaves.len() {
            0 => Digest::of(b""),
            1 => leaf_hash(&leaves[0]),
            n => {
                let mut k = 1;
                while k * 2 < n {
                    k *= 2;
                }
                node_hash(&by_definition(&leaves[..k]), &by_definition(&leaves[k..]))
            }
        }
    }

    #[test]
    fn agrees_with_the_published_test_vectors() {
        // Leaves and roots of the certificate-transparency reference tests.
        let leaves: [&str; 8] = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        for (leaf, root) in leaves.iter().zip(roots) {
            tree.push(leaf_hash(&hex::decode(leaf).unwrap()));
            assert_eq!(tree.root().to_string(), root);
        }
    }

    proptest! {
        #[test]
        fn incremental_root_is_the_defined_root(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..6), 0..70)) {
            let mut tree = Tree::default();
            for leaf in &leaves {
                tree.push(leaf_hash(leaf));
            }
            prop_assert_eq!(tree.root(), by_definition(&leaves));
        }
    }
}
