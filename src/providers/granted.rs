//! What a person has agreed to at a provider, as its token answer tells (`scope`, RFC 6749 section 5.1). Kakao's consent items
//! stand there by their ids.

/// Most of it that is kept, in bytes; a longer one is none that a provider of ours sends.
const LONGEST: usize = 512;

/// The items, each once and in order, with a blank between them: GitHub separates them by commas, everybody else by blanks. Empty
/// when the person has agreed to nothing, `None` when this is no such list.
pub(super) fn granted(scope: &str) -> Option<String> {
    // RFC 6749 appendix A.4.
    let fine = |b: u8| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    let mut items: Vec<&str> = scope.split([' ', ',']).filter(|item| !item.is_empty()).collect();
    items.sort_unstable();
    items.dedup();
    let text = items.join(" ");
    let known = text.len() <= LONGEST && items.iter().all(|item| item.bytes().all(fine));
    known.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_put_in_order_and_anything_else_is_none() {
        assert_eq!(
            granted("profile_image openid profile_nickname").as_deref(),
            Some("openid profile_image profile_nickname")
        );
        assert_eq!(granted("user:email,read:user,user:email").as_deref(), Some("read:user user:email"));
        assert_eq!(granted("").as_deref(), Some(""));
        for bad in ["이메일", "a\u{0}", "a\"b", "a\\b", "a\nb", &"x".repeat(LONGEST + 1)] {
            assert_eq!(granted(bad), None, "{bad:?}");
        }
    }
}
