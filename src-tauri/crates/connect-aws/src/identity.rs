//! Whom each account takes the caller for.

use crate::connector::AwsConnector;
use async_trait::async_trait;
use interlock_app::ports::{Answer, IdentityReader};
use interlock_domain::{SystemKind, person::SystemIdentity};

#[async_trait]
impl IdentityReader for AwsConnector {
    async fn identities(&self) -> Vec<Answer<SystemIdentity>> {
        let asked = self.reading_sessions().map(|(name, session)| async move {
            let opened = session.open().await?;
            Ok(SystemIdentity {
                system: SystemKind::Aws,
                scope: name.to_string(),
                name: opened.arn.clone(),
                account: Some(opened.account.clone()),
                version: None,
            })
        });
        futures::future::join_all(asked).await
    }
}
