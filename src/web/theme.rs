//! How bright the pages are.

/// How bright the pages are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system of the reader says.
    #[default]
    Auto,
    /// Light.
    Paper,
    /// Dark.
    Darkroom,
}

impl Theme {
    /// The look with this cookie value.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        [Self::Auto, Self::Paper, Self::Darkroom].into_iter().find(|theme| theme.value() == value)
    }

    /// The value kept in the cookie and sent by the switch.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Paper => "paper",
            Self::Darkroom => "darkroom",
        }
    }

    /// The `data-theme` of the page; none where the system decides.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            chosen => Some(chosen.value()),
        }
    }

    /// What the switch in the header turns to.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Paper,
            Self::Paper => Self::Darkroom,
            Self::Darkroom => Self::Auto,
        }
    }

    /// The words on the switch: what is, and what a press changes it to.
    #[must_use]
    pub const fn switch_key(self) -> &'static str {
        match self {
            Self::Auto => "theme-switch-auto",
            Self::Paper => "theme-switch-paper",
            Self::Darkroom => "theme-switch-darkroom",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_survives_the_cookie() {
        for theme in [Theme::Auto, Theme::Paper, Theme::Darkroom] {
            assert_eq!(Theme::parse(theme.value()), Some(theme));
        }
        assert_eq!(Theme::parse("neon"), None);
    }
}
