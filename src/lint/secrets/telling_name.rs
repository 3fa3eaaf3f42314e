/// How the names of passwords, tokens and keys end, in capitals.
const ENDS: [&str; 9] =
    ["PASSWORD", "PASSWD", "_TOKEN", "_SECRET", "SECRET_KEY", "API_KEY", "_APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

/// Whether what is called so is a secret by its name; `TOKEN` and `SECRET` alone are too.
pub(super) fn is_secret_by_name(name: &str) -> bool {
    let upper = name.to_uppercase();
    ENDS.iter().any(|end| upper.ends_with(end) || end.strip_prefix('_') == Some(upper.as_str()))
}

/// What the secret would be called.
pub(super) fn secret_name(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_by_their_end() {
        for name in
            ["PASSWORD", "MYSQL_ROOT_PASSWORD", "npm_token", "TOKEN", "SECRET", "AWS_SECRET_ACCESS_KEY", "MyPasswd"]
        {
            assert!(is_secret_by_name(name), "{name}");
        }
        for name in
            ["PASSWORD_FILE", "TOKEN_URL", "TOKENIZER", "PUBLIC_KEY", "APITOKENS", "MONKEY", "EYETOKEN", "NOSECRET", ""]
        {
            assert!(!is_secret_by_name(name), "{name}");
        }
        assert_eq!(secret_name("NPM_TOKEN"), "npm-token");
    }
}
