//! What the admin key may do at Kakao. It stands for the whole app, so it goes nowhere but into this header.

use serde_json::Value;

use super::fault::{Answer, Fault, Step, Verdict};
use super::http::{Deadline, Http};
use super::kakao_codes;
use super::unlink::{Link, post_form};
use crate::config::Kakao as Settings;
use crate::json::Object;
use crate::secret::Secret;

/// `POST /v1/user/unlink` in the admin form. -101 is the answer about somebody who is not linked any more.
pub(super) async fn unlink(settings: &Settings, http: &Http, link: &Link, deadline: Deadline) -> Result<(), Fault> {
    let form = [("target_id_type", "user_id"), ("target_id", link.subject.as_str())];
    let url = format!("{}/v1/user/unlink", settings.api_base);
    let answer = post_form(http, &url, Some(&authorization(settings, Step::Unlink)?), &form, deadline).await?;
    match code(answer.body.as_ref()) {
        None if answer.status == 200 => Ok(()),
        Some(-101) => Ok(()),
        _ => Err(fault(Step::Unlink, answer.status, answer.body.as_ref())),
    }
}

/// The header's whole value.
pub(super) fn authorization(settings: &Settings, step: Step) -> Result<Secret<String>, Fault> {
    let missing = || Fault::refused(step, "no-admin-key", "providers.kakao.admin_key is not set");
    let key = settings.admin_key.as_ref().ok_or_else(missing)?;
    Ok(Secret::new(format!("KakaoAK {}", key.expose())))
}

/// Kakao's own code, if the answer has one.
pub(super) fn code(body: Option<&Object>) -> Option<i64> {
    body?.get("code").and_then(Value::as_i64).filter(|code| (-99_999..0).contains(code))
}

/// -401 is about the key here, and about nobody's token.
pub(super) fn fault(step: Step, status: u16, body: Option<&Object>) -> Fault {
    let code = code(body);
    let name = code.map_or_else(|| format!("http-{status}"), |code| format!("kapi{code}"));
    let message = body.and_then(|body| body.get("msg")).and_then(Value::as_str).unwrap_or_default();
    let verdict = if code == Some(-401) && !message.starts_with("ip mismatched") {
        Some(Verdict::from(Answer::OperatorMustFix {
            fix: "providers.kakao.admin_key is not an admin key of this app: copy the primary one from [App] > [Platform Key] > \
                  [Admin Key]",
        }))
    } else {
        kakao_codes::verdict(&name, message)
    };
    Fault::reported(step, status, name, verdict)
}
