//! Rules that this SonarQube knows.

/// What a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum RuleKind {
    Smell,
    Bug,
    Vulnerability,
    Hotspot,
}

impl RuleKind {
    /// The word of `type`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Smell => "CODE_SMELL",
            Self::Bug => "BUG",
            Self::Vulnerability => "VULNERABILITY",
            Self::Hotspot => "SECURITY_HOTSPOT",
        }
    }

    /// The software quality that it hurts.
    pub fn quality(self) -> &'static str {
        match self {
            Self::Smell => "MAINTAINABILITY",
            Self::Bug => "RELIABILITY",
            Self::Vulnerability | Self::Hotspot => "SECURITY",
        }
    }
}

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub key: &'static str,
    pub kind: RuleKind,
    /// `BLOCKER` to `INFO`; for hotspots the probability `HIGH` to `LOW`.
    pub severity: &'static str,
    pub message: &'static str,
    /// Minutes that a repair takes.
    pub minutes: u32,
    pub tags: &'static [&'static str],
    /// Attribute of clean code and its category; for hotspots the security category.
    pub attribute: (&'static str, &'static str),
}

impl Rule {
    /// The severity of the impact.
    pub fn impact(&self) -> &'static str {
        match self.severity {
            "BLOCKER" => "BLOCKER",
            "CRITICAL" => "HIGH",
            "MAJOR" => "MEDIUM",
            "MINOR" => "LOW",
            _ => "INFO",
        }
    }
}

macro_rules! rule {
    ($key:literal $kind:ident $severity:literal $minutes:literal $message:literal [$($tag:literal)*] $attribute:literal $category:literal) => {
        Rule {
            key: $key,
            kind: RuleKind::$kind,
            severity: $severity,
            message: $message,
            minutes: $minutes,
            tags: &[$($tag),*],
            attribute: ($attribute, $category),
        }
    };
}

/// Rules of issues.
pub(super) static RULES: &[Rule] = &[
    rule!("python:S3776" Smell "CRITICAL" 14 "Refactor this function to reduce its Cognitive Complexity from 19 to the 15 allowed." ["brain-overload"] "FOCUSED" "ADAPTABLE"),
    rule!("python:S1192" Smell "CRITICAL" 6 "Define a constant instead of duplicating this literal 4 times." ["design"] "DISTINCT" "ADAPTABLE"),
    rule!("python:S1481" Smell "MINOR" 5 "Remove the unused local variable \"respuesta\"." ["unused"] "CONVENTIONAL" "CONSISTENT"),
    rule!("python:S1135" Smell "INFO" 0 "Complete the task associated to this \"TODO\" comment." ["cwe"] "COMPLETE" "INTENTIONAL"),
    rule!("python:S125" Smell "MAJOR" 5 "Remove this commented out code." ["unused"] "CLEAR" "INTENTIONAL"),
    rule!("python:S112" Smell "MAJOR" 20 "Replace this generic exception class with a more specific one." ["cwe" "error-handling"] "COMPLETE" "INTENTIONAL"),
    rule!("python:S117" Smell "MINOR" 2 "Rename this local variable \"límiteDiario\" to match the regular expression ^[_a-z][a-z0-9_]*$." ["convention"] "IDENTIFIABLE" "CONSISTENT"),
    rule!("python:S5795" Bug "MAJOR" 5 "Replace this \"is\" operator with \"==\"; identity operator is not reliable here." ["suspicious"] "LOGICAL" "INTENTIONAL"),
    rule!("python:S1751" Bug "MAJOR" 5 "Refactor this loop to do more than one iteration." ["unused"] "CLEAR" "INTENTIONAL"),
    rule!("python:S2201" Bug "CRITICAL" 10 "The return value of \"replace\" must be used." ["suspicious"] "LOGICAL" "INTENTIONAL"),
    rule!("python:S3649" Vulnerability "BLOCKER" 30 "Change this code to not construct SQL queries directly from user-controlled data." ["cwe" "owasp-a3" "sql"] "COMPLETE" "INTENTIONAL"),
    rule!("python:S4830" Vulnerability "CRITICAL" 5 "Enable server certificate validation on this SSL/TLS connection." ["cwe" "owasp-a2"] "TRUSTWORTHY" "RESPONSIBLE"),
    rule!("python:S5145" Vulnerability "MINOR" 15 "Change this code to not log user-controlled data." ["cwe" "owasp-a9"] "COMPLETE" "INTENTIONAL"),
    rule!("secrets:S6290" Vulnerability "BLOCKER" 30 "Make sure this AWS Access Key ID gets revoked, changed, and removed from the code." ["cwe"] "TRUSTWORTHY" "RESPONSIBLE"),
];

/// Rules of security hotspots.
pub(super) static HOTSPOT_RULES: &[Rule] = &[
    rule!("python:S2245" Hotspot "MEDIUM" 0 "Make sure that using this pseudorandom number generator is safe here." [] "weak-cryptography" ""),
    rule!("python:S5332" Hotspot "LOW" 0 "Using http protocol is insecure. Use https instead." [] "encrypt-data" ""),
    rule!("python:S2068" Hotspot "HIGH" 0 "\"clave\" detected here, review this potentially hard-coded credential." [] "auth" ""),
];
