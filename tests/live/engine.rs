//! The contract of `Engine` on Docker.

use crate::contract::laws;
use crate::stage::DockerStage;

macro_rules! on_docker {
    ($module:ident::$law:ident) => {
        #[tokio::test]
        async fn $law() {
            DockerStage::hold(|stage| Box::pin(crate::contract::$module::$law(stage))).await;
        }
    };
}

laws!(on_docker);
