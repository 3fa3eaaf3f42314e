use std::future::{Ready, ready};

use bollard_buildkit_proto::moby::buildkit::secrets::v1::{GetSecretRequest, GetSecretResponse};
use tonic::{Request, Response, Status};

use crate::engine::BuildSecret;

/// The bytes of a secret that a `RUN --mount=type=secret` names.
pub(super) fn get(
    secrets: &[BuildSecret],
    request: Request<GetSecretRequest>,
) -> Ready<Result<Response<GetSecretResponse>, Status>> {
    let id = &request.get_ref().id;
    ready(match secrets.iter().find(|secret| secret.id == *id) {
        Some(secret) => Ok(Response::new(GetSecretResponse { data: secret.value.clone() })),
        None => Err(Status::not_found(format!("this build has no secret `{id}`"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::Code;

    #[tokio::test]
    async fn any_bytes_go_through_and_what_is_not_there_is_named() {
        let secrets = [BuildSecret { id: "token".into(), value: vec![0, 255, 10] }];
        let ask = |id: &str| get(&secrets, Request::new(GetSecretRequest { id: id.into(), ..Default::default() }));
        assert_eq!(ask("token").await.expect("a secret").into_inner().data, [0, 255, 10]);
        let refusal = ask("other").await.expect_err("none");
        assert_eq!((refusal.code(), refusal.message()), (Code::NotFound, "this build has no secret `other`"));
    }
}
