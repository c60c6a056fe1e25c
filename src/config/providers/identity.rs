//! Identities as settings name them.

/// `kakao:3912345678`, with the name of a provider that is on.
pub(in super::super) fn identity(text: &str, on: &[String]) -> Result<(String, String), String> {
    let Some((provider, subject)) = text.split_once(':') else {
        return Err("is not provider:subject, as in kakao:3912345678".to_owned());
    };
    if !on.iter().any(|name| name == provider) {
        return Err(format!("names a provider that is not on; on are {}", on.join(", ")));
    }
    let is_number = (1..=19).contains(&subject.len()) && subject.bytes().all(|byte| byte.is_ascii_digit());
    if ["kakao", "github"].contains(&provider) && !is_number {
        return Err(format!("must end in a user id of {provider}, which is a number of at most 19 digits"));
    }
    // An address proves nobody: it is given away, taken over and typed by anybody elsewhere. An issuer of one's own may use
    // one as the id, and then means it.
    if ["naver", "google", "apple", "line"].contains(&provider) && subject.contains('@') {
        return Err(format!("must end in the person's id at {provider}, which is no e-mail address"));
    }
    if subject.is_empty() || subject.len() > 255 || !subject.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must end in the person's id there, at most 255 visible characters".to_owned());
    }
    Ok((provider.to_owned(), subject.to_owned()))
}
