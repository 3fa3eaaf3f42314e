use std::path::Path;

use bytes::Bytes;

use crate::model::{Body, HttpProbe, Scope, Text};
use crate::probe::http::{Request, Url, form, parse_url};

/// The request that `probe` asks for; in words why there is none: a hole without a value, a wrong URL, a file that is not there.
pub(super) async fn request(
    probe: &HttpProbe,
    base: Option<&Url>,
    directory: &Path,
    scope: &(dyn Scope + Sync),
) -> Result<Request, String> {
    let fill = |text: &Text| text.fill(scope).map_err(|hole| format!("`{{{{{hole}}}}}` has no value"));
    let url = parse_url(&fill(&probe.url)?, base).map_err(|error| error.message)?;
    let mut request = Request::new(probe.method.value.clone(), url, probe.timeout);
    request.follow = probe.follow;
    let query = pairs(probe.query.iter().map(|(name, text)| (name, text)), fill)?;
    request.add_query(query.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    request.headers = pairs(probe.headers.iter().map(|(name, text)| (name, text)), fill)?;
    if let Some((user, password)) = &probe.basic_auth {
        request.basic_auth(&fill(user)?, &fill(password)?);
    }
    if let Some(token) = &probe.bearer {
        request.default_header("Authorization", format!("Bearer {}", fill(token)?));
    }
    if let Some(body) = &probe.body {
        let (bytes, kind) = match body {
            Body::Json(text) => (fill(text)?.into_bytes(), "application/json"),
            Body::Text(text) => (fill(text)?.into_bytes(), "text/plain; charset=utf-8"),
            Body::Form(fields) => {
                let fields = pairs(fields, fill)?;
                let fields = fields.iter().map(|(key, value)| (key.as_str(), value.as_str()));
                (form(fields).into_bytes(), "application/x-www-form-urlencoded")
            }
            Body::File(path) => {
                let read = tokio::fs::read(directory.join(&path.value)).await;
                (
                    read.map_err(|error| format!("the file `{}` cannot be read: {error}", path.value.display()))?,
                    "application/octet-stream",
                )
            }
        };
        request.body = Some(Bytes::from(bytes));
        request.default_header("Content-Type", kind);
    }
    Ok(request)
}

fn pairs<'a, K: AsRef<str> + 'a>(
    texts: impl IntoIterator<Item = (K, &'a Text)>,
    fill: impl Fn(&Text) -> Result<String, String>,
) -> Result<Vec<(String, String)>, String> {
    texts.into_iter().map(|(name, text)| Ok((name.as_ref().to_owned(), fill(text)?))).collect()
}
