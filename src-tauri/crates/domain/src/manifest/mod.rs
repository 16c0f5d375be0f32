//! The release manifest: the one document whose digest people approve.
//!
//! It is written once, by [`Manifest::to_bytes`], and from then on only its bytes count:
//! nothing re-encodes them. Two manifests are compared element by element to name what moved.

mod elements;

use crate::{
    Digest,
    approval_rule::ApprovalRule,
    ids::{
        AccountId, CommitId, EnvironmentName, JobName, PersonId, PromotionId, Region, ServiceName,
        StackName,
    },
    verdict::Verdict,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use elements::Moved;

/// Version of the document's shape.
pub const SCHEMA: &str = "interlock/manifest/v2";

/// What exactly is to be promoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Promotion.
    pub promotion: PromotionId,
    /// Attempt at preparing it, from 1; a new one follows when something moved.
    pub revision: u32,
    /// Environment that it comes from.
    pub from: EnvironmentName,
    /// Environment that it goes to.
    pub to: EnvironmentName,
    /// Who asks for it.
    pub requester: PersonId,
    /// Services that it brings, in the order in which they are delivered.
    pub services: Vec<ServiceDelivery>,
    /// Approvals that it needs.
    pub approval_rules: Vec<ApprovalRule>,
    /// Approvals that it needs as well once a gate is waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiver_rules: Vec<ApprovalRule>,
    /// Approvals that it needs in place of all others in an emergency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergency_rules: Vec<ApprovalRule>,
    /// Hours after which an approval counts no more; none when it always does.
    pub approvals_expire_hours: Option<u32>,
    /// SHA-256 of the policy that it is judged by.
    pub policy: Option<Digest>,
    /// SHA-256 of the roster that says who may approve.
    pub roster: Option<Digest>,
    /// Verdicts at the time of preparing, service by service.
    pub gates: Vec<Verdict>,
}

/// One service of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDelivery {
    /// Service.
    pub service: ServiceName,
    /// Services of the same promotion that have to be delivered before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ServiceName>,
    /// Version that it brings.
    pub version: Option<String>,
    /// Commit that it brings.
    pub commit: Option<CommitId>,
    /// Merge requests that carried its commits, newest first, as far as GitLab tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merge_requests: Vec<MergedRequest>,
    /// E-mail addresses and user names of those who wrote or merged it and therefore cannot approve
    /// it, as far as Git and GitLab tell.
    pub authors: Vec<String>,
    /// How many of its commits each author wrote, by e-mail address, as far as Git tells.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub commits_by: BTreeMap<String, u32>,
    /// What is not known of who wrote and merged it, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_note: Option<String>,
    /// What its templates bring in beside themselves: archives and images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
    /// How it is carried out.
    pub delivery: Delivery,
}

/// A merge request that carried commits of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedRequest {
    /// Project and number, such as `andes/payments!318`.
    pub name: String,
    /// User name of who merged it, as far as GitLab tells.
    pub merged_by: Option<String>,
}

/// Something that a template names and that lies elsewhere: an archive in S3, a container image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Stack whose template names it.
    pub stack: StackName,
    /// Resource that it is for.
    pub resource: String,
    /// Where it lies, with everything that pins it: `s3://bucket/key?versionId=...`, an image with
    /// its tag or digest.
    pub location: String,
}

/// How a service is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "via", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Delivery {
    /// Change sets, executed in order.
    CloudFormation {
        /// One a stack, in order.
        stacks: Vec<StackDelivery>,
    },
    /// A deploy job.
    Jenkins {
        /// Job.
        job: JobName,
        /// The pipeline template that the job runs, where the estate file says which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pipeline: Option<PipelineTemplate>,
        /// Parameters it is given, except the promotion's own.
        parameters: BTreeMap<String, String>,
        /// What the job will deploy, as far as the sources tell.
        stacks: Vec<JenkinsStack>,
    },
}

/// The pipeline template that a job runs, as it stands in Git.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineTemplate {
    /// Repository, by its name in the estate file.
    pub repository: String,
    /// Path in it.
    pub path: String,
    /// Branch or tag that the job takes it from.
    pub revision: String,
    /// Commit that the revision names.
    pub commit: CommitId,
    /// SHA-256 of its text.
    pub digest: Digest,
}

/// One stack of a service that is delivered through CloudFormation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackDelivery {
    /// Stack.
    pub stack: StackName,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Change-set ARN.
    pub change_set: String,
    /// Whether AWS found nothing to change (it is then not executed).
    pub empty: bool,
    /// How AWS deploys it, such as `REVERT_DRIFT`; none for the usual way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_mode: Option<String>,
    /// Role with which CloudFormation changes the stack; none for that of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// SHA-256 of the template bytes that were sent.
    pub template: Digest,
    /// SHA-256 of the template that AWS gives back for the change set.
    pub template_at_aws: Digest,
    /// SHA-256 of that template after macros and transforms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_processed: Option<Digest>,
    /// SHA-256 of the template of every nested stack that has a change set of its own, by its logical
    /// ids from the outermost on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub nested_templates: BTreeMap<String, Digest>,
    /// Parameters; hidden ones say so.
    pub parameters: BTreeMap<String, String>,
    /// SHA-256 of the variable document, when one was used.
    pub variables: Option<Digest>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// SHA-256 of the list of changes that AWS announced.
    pub changes: Digest,
    /// State that the change set starts from: stack id, last change, status; none for a new stack.
    pub base: Option<String>,
}

/// One stack that a deploy job will change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JenkinsStack {
    /// Stack.
    pub stack: StackName,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// SHA-256 of the template at the commit.
    pub template: Option<Digest>,
    /// SHA-256 of the variable document at the commit.
    pub variables: Option<Digest>,
    /// State that it starts from.
    pub base: Option<String>,
}

/// Bytes that are not a manifest of this version.
#[derive(Debug, thiserror::Error)]
pub enum NotAManifest {
    /// It is written in another shape.
    #[error("a release manifest of the shape `{0}`, which this program does not read ({SCHEMA})")]
    OtherSchema(String),
    /// It is none.
    #[error("not a release manifest: {0}")]
    Unreadable(#[source] serde_json::Error),
}

/// Account, region and name of a stack: what two promotions cannot change at once.
pub type StackKey = (AccountId, Region, StackName);

impl Manifest {
    /// Writes the document. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest has only text keys and plain values")
    }

    /// Reads a document.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAManifest> {
        #[derive(Deserialize)]
        struct Shape {
            schema: String,
        }
        let shape: Shape = serde_json::from_slice(bytes).map_err(NotAManifest::Unreadable)?;
        if shape.schema != SCHEMA {
            return Err(NotAManifest::OtherSchema(shape.schema));
        }
        serde_json::from_slice(bytes).map_err(NotAManifest::Unreadable)
    }

    /// A service of it.
    pub fn service(&self, name: &ServiceName) -> Option<&ServiceDelivery> {
        self.services.iter().find(|it| &it.service == name)
    }

    /// Every stack that it changes or may change, in order.
    pub fn stacks(&self) -> impl Iterator<Item = StackKey> + '_ {
        self.services.iter().flat_map(ServiceDelivery::stacks)
    }

    /// Every change set of it, with its service, in the order in which they are executed.
    pub fn change_sets(&self) -> impl Iterator<Item = (&ServiceDelivery, &StackDelivery)> {
        let each = self.services.iter();
        each.flat_map(|it| it.change_sets().iter().map(move |stack| (it, stack)))
    }

    /// Everybody who wrote or merged a part of it and therefore cannot approve it.
    pub fn authors(&self) -> impl Iterator<Item = &String> {
        self.services.iter().flat_map(|it| &it.authors)
    }

    /// How many commits of it each author wrote, service by service.
    pub fn commits_by(&self) -> impl Iterator<Item = (&String, u32)> {
        let each = self.services.iter().flat_map(|it| &it.commits_by);
        each.map(|(author, count)| (author, *count))
    }

    /// User names of those who merged a part of it.
    pub fn mergers(&self) -> impl Iterator<Item = &String> {
        let requests = self.services.iter().flat_map(|it| &it.merge_requests);
        requests.filter_map(|request| request.merged_by.as_ref())
    }
}

impl ServiceDelivery {
    /// Its change sets, in order; none where a job deploys.
    pub fn change_sets(&self) -> &[StackDelivery] {
        match &self.delivery {
            Delivery::CloudFormation { stacks } => stacks,
            Delivery::Jenkins { .. } => &[],
        }
    }

    /// Every stack that it changes or may change.
    pub fn stacks(&self) -> Vec<StackKey> {
        match &self.delivery {
            Delivery::CloudFormation { stacks } => stacks
                .iter()
                .map(|it| (it.account.clone(), it.region.clone(), it.stack.clone()))
                .collect(),
            Delivery::Jenkins { stacks, .. } => stacks
                .iter()
                .map(|it| (it.account.clone(), it.region.clone(), it.stack.clone()))
                .collect(),
        }
    }
}
