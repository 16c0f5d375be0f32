//! The practice SonarQube.
