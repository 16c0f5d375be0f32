//! Every interleaving of three writers of one log: what each reads and writes, in every order, with at
//! most one fault (a reply that is lost, a writer that dies).
//!
//! The writers are the real ledger over a store that stops them before each look at the log and each
//! write; a scheduler lets one go on at a time. All choices are tried; a situation that was met before
//! is not gone into again.

use crate::support::{Bank, Memory, approval, claim, key_of, manifest, now, person, promotion_id};
use interlock_domain::{Digest, manifest::Manifest};
use interlock_ledger::{
    Ledger, LogStore, Predicate, PromotionState, Statement, StoreError,
    fold::{Record, fold},
    ledger::{AppendError, LedgerError},
};
use std::{
    collections::HashSet,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

const WRITERS: usize = 3;

/// What happens to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    /// It is done and answered.
    Done,
    /// It is done, and the reply is lost.
    DoneAndLost,
    /// It is lost on its way.
    Lost,
    /// The writer dies before it.
    Dead,
}

/// Where a writer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    AtWork,
    BeforeRead,
    BeforeWrite,
    Gone,
}

/// Lets one writer go on at a time.
struct Gate {
    state: Mutex<GateState>,
    changed: Condvar,
}

struct GateState {
    stands: [Stand; WRITERS],
    go: Option<(usize, Fate)>,
    dead: [bool; WRITERS],
    /// What each writer was told so far: lengths it read, and how its writes ended.
    told: [Vec<u8>; WRITERS],
    /// Who wrote the entries, in order.
    written: Vec<usize>,
}

impl Gate {
    fn new() -> Self {
        Self {
            state: Mutex::new(GateState {
                stands: [Stand::AtWork; WRITERS],
                go: None,
                dead: [false; WRITERS],
                told: Default::default(),
                written: Vec::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for leave to do an operation, does it, and says what the writer is told.
    fn pass<T>(
        &self,
        me: usize,
        stand: Stand,
        act: impl FnOnce(&mut GateState, Fate) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.dead[me] {
            state.stands[me] = stand;
            self.changed.notify_all();
            while state.go.is_none_or(|(who, _)| who != me) {
                state = self.changed.wait(state).unwrap();
            }
            let fate = state.go.take().map(|(_, fate)| fate);
            state.stands[me] = Stand::AtWork;
            let fate = fate.unwrap_or(Fate::Dead);
            if fate != Fate::Dead {
                let answer = act(&mut state, fate);
                self.changed.notify_all();
                return answer;
            }
            state.dead[me] = true;
        }
        Err(StoreError::Unavailable {
            reason: "dead".into(),
        })
    }

    fn leave(&self, me: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.stands[me] = Stand::Gone;
        self.changed.notify_all();
    }
}

/// The store as one writer sees it.
struct Stepped {
    memory: Arc<Memory>,
    gate: Arc<Gate>,
    me: usize,
}

impl LogStore for Stepped {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.gate.pass(self.me, Stand::BeforeRead, |state, _| {
            let leaves = self.memory.leaves_from(seq)?;
            state.told[self.me].push(u8::try_from(leaves.len()).unwrap());
            Ok(leaves)
        })
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.gate.pass(self.me, Stand::BeforeWrite, |state, fate| {
            let put = match fate {
                Fate::Lost => Ok(()),
                _ => self.memory.put_leaf(seq, bytes),
            };
            if put.is_ok() && fate != Fate::Lost {
                state.written.push(self.me);
            }
            let (word, answer) = match (put, fate) {
                (_, Fate::Lost | Fate::DoneAndLost) => (
                    102,
                    Err(StoreError::OutcomeUnknown {
                        reason: "the reply is lost".into(),
                    }),
                ),
                (Ok(()), _) => (100, Ok(())),
                (Err(error), _) => (101, Err(error)),
            };
            state.told[self.me].push(word);
            answer
        })
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.document(digest)
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        self.memory.put_document(bytes)
    }

    fn place(&self) -> String {
        "memory".into()
    }
}

/// How it ended for a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It may act.
    Yes,
    /// It may not.
    No,
    /// It has to look again before it does anything.
    Unknown,
}

/// What a writer wants to say, and of which promotion.
#[derive(Clone)]
struct Wish {
    actor: &'static str,
    promotion: &'static str,
    digest: Digest,
    what: Predicate,
}

fn record(ledger: &Ledger) -> Result<Record, LedgerError> {
    let entries = ledger.entries()?;
    Ok(fold(&entries, &|digest| {
        Manifest::from_bytes(&ledger.document(digest).ok()??).ok()
    }))
}

/// Says it as the run engine does: only while the promotion is approved; then the fold has the last word.
fn say(ledger: &Ledger, wish: &Wish) -> Told {
    let id = promotion_id(wish.promotion);
    let statement = Statement {
        promotion: Some(id.clone()),
        subject: wish.digest,
        actor: person(wish.actor),
        at: now(),
        predicate: wish.what.clone(),
    };
    let said = ledger.append_if(&statement, &key_of(wish.actor), now(), |entries| {
        let record = fold(entries, &|digest| {
            Manifest::from_bytes(&ledger.document(digest).ok()??).ok()
        });
        let state = record.promotions.get(&id).map(|one| one.state.clone());
        if state == Some(PromotionState::Approved) {
            Ok(())
        } else {
            Err(())
        }
    });
    match said {
        Ok(seq) => match record(ledger) {
            Ok(record) if record.ignored.contains_key(&seq) => Told::No,
            Ok(_) => Told::Yes,
            Err(_) => Told::Unknown,
        },
        Err(AppendError::Refused(())) => Told::No,
        Err(AppendError::Ledger(_)) => Told::Unknown,
    }
}

/// One run: the choices that were made, and how many there were at each step.
struct Run {
    choices: Vec<(usize, usize)>,
    told: [Told; WRITERS],
    faults: usize,
    memory: Arc<Memory>,
}

type Situation = (Vec<usize>, [Vec<u8>; WRITERS], [bool; WRITERS], usize);

/// Runs the writers by a list of choices; after its end the first choice is taken.
fn run(
    start: &Memory,
    wishes: &[Wish; WRITERS],
    plan: &[usize],
    faults_allowed: usize,
    met: &mut HashSet<Situation>,
) -> Run {
    let memory = Arc::new(Memory {
        leaves: Mutex::new(start.leaves.lock().unwrap().clone()),
        documents: Mutex::new(start.documents.lock().unwrap().clone()),
    });
    let gate = Arc::new(Gate::new());
    let (mut choices, mut faults, mut is_known) = (Vec::new(), 0, false);
    let told = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|me| {
                let (gate, wish) = (gate.clone(), wishes[me].clone());
                let store = Stepped {
                    memory: memory.clone(),
                    gate: gate.clone(),
                    me,
                };
                scope.spawn(move || {
                    let told = say(&Ledger::new(Arc::new(store), "test"), &wish);
                    gate.leave(me);
                    told
                })
            })
            .collect();
        loop {
            let mut state = gate.state.lock().unwrap();
            while state.go.is_some() || state.stands.contains(&Stand::AtWork) {
                state = gate.changed.wait(state).unwrap();
            }
            let mut open = Vec::new();
            for (who, stand) in state.stands.iter().enumerate() {
                match stand {
                    Stand::BeforeRead => open.push((who, Fate::Done)),
                    Stand::BeforeWrite => {
                        open.push((who, Fate::Done));
                        if faults < faults_allowed {
                            open.extend(
                                [Fate::DoneAndLost, Fate::Lost, Fate::Dead].map(|fate| (who, fate)),
                            );
                        }
                    }
                    Stand::AtWork | Stand::Gone => {}
                }
            }
            if open.is_empty() {
                break;
            }
            let step = choices.len();
            let situation = (
                state.written.clone(),
                state.told.clone(),
                state.dead,
                faults,
            );
            // Up to the end of the plan it was met, by the run that made the plan.
            if step >= plan.len() && !met.insert(situation) {
                is_known = true;
            }
            let choice = plan.get(step).copied().unwrap_or(0);
            choices.push((choice, if is_known { 1 } else { open.len() }));
            let (who, fate) = open[choice];
            faults += usize::from(fate != Fate::Done);
            state.go = Some((who, fate));
            gate.changed.notify_all();
        }
        let all: Vec<Told> = writers.into_iter().map(|it| it.join().unwrap()).collect();
        [all[0], all[1], all[2]]
    });
    Run {
        choices,
        told,
        faults,
        memory,
    }
}

/// Goes through every interleaving, and gives how many ways to an end there were.
fn explore(
    start: &Memory,
    wishes: &[Wish; WRITERS],
    faults_allowed: usize,
    holds: impl Fn(&Run, &Record),
) -> usize {
    let (mut plan, mut met, mut runs) = (Vec::new(), HashSet::new(), 0);
    loop {
        let run = run(start, wishes, &plan, faults_allowed, &mut met);
        runs += 1;
        let ledger = Ledger::new(run.memory.clone(), "test");
        assert_eq!(ledger.verify().unwrap().broken, None);
        holds(&run, &record(&ledger).unwrap());
        // The last choice that has another.
        let mut choices = run.choices;
        loop {
            match choices.pop() {
                None => return runs,
                Some((choice, of)) if choice + 1 < of => {
                    plan = choices.iter().map(|(choice, _)| *choice).collect();
                    plan.push(choice + 1);
                    break;
                }
                Some(_) => {}
            }
        }
    }
}

fn attempts(record: &Record) -> usize {
    record.promotions[&promotion_id("PR-1")].attempts.len()
}

/// PR-1, approved by Luis.
fn approved() -> (Bank, Digest) {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    (bank, digest)
}

#[test]
fn of_three_claims_one_counts_whatever_the_order_and_the_fault() {
    let (bank, digest) = approved();
    let wishes = ["ana", "ines", "eva"].map(|actor| Wish {
        actor,
        promotion: "PR-1",
        digest,
        what: claim(1),
    });
    let runs = explore(&bank.store, &wishes, 1, |run, record| {
        let claims = attempts(record);
        assert!(claims <= 1, "{:?}", run.choices);
        let sure = run.told.iter().filter(|told| **told == Told::Yes).count();
        assert!(sure <= claims, "{:?}: {:?}", run.choices, run.told);
        if run.faults == 0 {
            assert_eq!((claims, sure), (1, 1), "{:?}: {:?}", run.choices, run.told);
        } else if claims > sure {
            // Whose claim counts and who does not know it, finds out by looking.
            assert!(run.told.contains(&Told::Unknown), "{:?}", run.choices);
        }
    });
    assert!(runs > 20, "{runs}");
}

#[test]
fn a_claim_and_a_withdrawal_exclude_each_other_whatever_the_order_and_the_fault() {
    let (bank, one) = approved();
    let wish = |actor, what| Wish {
        actor,
        promotion: "PR-1",
        digest: one,
        what,
    };
    let wishes = [
        wish("ines", claim(1)),
        wish(
            "luis",
            Predicate::Withdrawal {
                reason: "not today".into(),
            },
        ),
        wish("eva", claim(1)),
    ];
    let runs = explore(&bank.store, &wishes, 1, |run, record| {
        let state = &record.promotions[&promotion_id("PR-1")].state;
        let claims = attempts(record);
        assert!(claims <= 1, "{:?}", run.choices);
        let is_running = matches!(state, PromotionState::Executing { .. });
        assert_eq!(is_running, claims == 1, "{state:?}");
        let [first, withdrawn, second] = run.told;
        let sure = [first, second]
            .iter()
            .filter(|told| **told == Told::Yes)
            .count();
        assert!(sure <= claims);
        assert!(
            !(withdrawn == Told::Yes && claims == 1),
            "{:?}",
            run.choices
        );
    });
    assert!(runs > 20, "{runs}");
}
