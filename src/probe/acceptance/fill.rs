use std::path::Path;

use bytes::Bytes;

use crate::model::{Body, HttpRequest, Part, Scope, Text};
use crate::probe::http::{Multipart, Request, Trust, Url, form, parse_url};

/// The request that `probe` asks for; in words why there is none: a hole without a value, a wrong URL, a file that is not there.
pub(super) async fn request(
    probe: &HttpRequest,
    base: Option<&Url>,
    directory: &Path,
    scope: &(dyn Scope + Sync),
) -> Result<Request, String> {
    let fill = |text: &Text| text.fill(scope).map_err(|hole| format!("`{{{{{hole}}}}}` has no value"));
    let url = parse_url(&fill(&probe.url)?, base).map_err(|error| error.message)?;
    let mut request = Request::new(probe.method.value.clone(), url, probe.timeout);
    request.follow = probe.follow;
    if let Some(most) = probe.max_redirects {
        request.max_redirects = most as usize;
    }
    request.connect_timeout = probe.connect_timeout;
    request.compressed = probe.compressed;
    request.version = probe.version;
    if probe.insecure {
        request.trust = Trust::Anyone;
    } else if let Some(ca) = &probe.ca {
        request.trust = Trust::Authorities(Bytes::from(read(directory, &ca.value).await?));
    }
    let query = pairs(probe.query.iter().map(|(name, text)| (name, text)), fill)?;
    request.add_query(query.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    request.headers = pairs(probe.headers.iter().map(|(name, text)| (name, text)), fill)?;
    let cookies = pairs(probe.cookies.iter().map(|(name, text)| (name, text)), fill)?;
    if !cookies.is_empty() {
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.add_cookies(&line.join("; "));
    }
    if let Some((user, password)) = &probe.basic_auth {
        request.basic_auth(&fill(user)?, &fill(password)?);
    }
    if let Some(token) = &probe.bearer {
        request.default_header("Authorization", format!("Bearer {}", fill(token)?));
    }
    if let Some(body) = &probe.body {
        let plain = |text: String, kind: &str| (text.into_bytes(), kind.to_owned());
        let (bytes, kind) = match body {
            Body::Json(text) => plain(fill(text)?, "application/json"),
            Body::Text(text) => plain(fill(text)?, "text/plain; charset=utf-8"),
            Body::Form(fields) => {
                let fields = pairs(fields, fill)?;
                let fields = fields.iter().map(|(key, value)| (key.as_str(), value.as_str()));
                plain(form(fields), "application/x-www-form-urlencoded")
            }
            Body::Multipart(parts) => {
                let mut body = Multipart::new();
                for part in parts {
                    match part {
                        Part::Field { name, value } => body.field(name, &fill(value)?),
                        Part::File { name, path, content_type, filename } => {
                            let bytes = read(directory, &path.value).await?;
                            let own_name = path.value.file_name().unwrap_or_default().to_string_lossy();
                            let filename = filename.as_ref().map_or(Ok(own_name.into_owned()), fill)?;
                            let kind = content_type.as_ref().map_or(Ok(ANY_BYTES.to_owned()), fill)?;
                            body.file(&fill(name)?, &filename, &kind, &bytes);
                        }
                    }
                }
                body.finish()
            }
            Body::File(path) => (read(directory, &path.value).await?, ANY_BYTES.to_owned()),
        };
        request.body = Some(Bytes::from(bytes));
        request.default_header("Content-Type", kind);
    }
    Ok(request)
}

const ANY_BYTES: &str = "application/octet-stream";

async fn read(directory: &Path, path: &Path) -> Result<Vec<u8>, String> {
    let read = tokio::fs::read(directory.join(path)).await;
    read.map_err(|error| format!("the file `{}` cannot be read: {error}", path.display()))
}

fn pairs<'a, K: AsRef<str> + 'a>(
    texts: impl IntoIterator<Item = (K, &'a Text)>,
    fill: impl Fn(&Text) -> Result<String, String>,
) -> Result<Vec<(String, String)>, String> {
    texts.into_iter().map(|(name, text)| Ok((name.as_ref().to_owned(), fill(text)?))).collect()
}
