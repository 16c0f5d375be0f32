//! The AWS connector on emulators that other people wrote: MiniStack, whose CloudFormation behaves
//! best, and moto as a second opinion and for broken answers.
//!
//! A whole team works on MiniStack's S3 and KMS beside the practice estate, with the command line.
//!
//! Each test starts its own emulator on loopback, from the Python environment that
//! `make setup-test` prepares, and ends it.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod arrange;
mod ministack_change_sets;
mod ministack_doors;
mod ministack_keys;
mod ministack_ledger;
mod ministack_stacks;
mod moto;
mod peer;
mod relay;
mod team;
mod team_desk;
