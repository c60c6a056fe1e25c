//! The words in which the table is written.

use super::key::Default;
pub(in crate::config) use super::key::Form;

pub(in crate::config) const TEXT: Form = Form::Text;
pub(in crate::config) const FLAG: Form = Form::Flag;
pub(in crate::config) const LIST: Form = Form::List;
pub(in crate::config) const EMPTY: Default = Default::Value("");

pub(in crate::config) const fn number(least: i64, most: i64) -> Form {
    Form::Number { least, most }
}

pub(in crate::config) const fn is(value: &'static str) -> Default {
    Default::Value(value)
}

pub(in crate::config) const fn unset(sample: &'static str) -> Default {
    Default::Unset { sample }
}

pub(in crate::config) const fn depends(said: &'static str, sample: &'static str) -> Default {
    Default::Depends { said, sample }
}
