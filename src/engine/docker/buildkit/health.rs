use bollard_buildkit_proto::health::health_check_response::ServingStatus;
use bollard_buildkit_proto::health::{HealthCheckRequest, HealthCheckResponse};
use tonic::{Request, Response, Status};

/// Yes, we are still here.
pub(super) async fn check(_: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
    Ok(Response::new(HealthCheckResponse { status: ServingStatus::Serving.into() }))
}
