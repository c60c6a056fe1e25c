//! How much of a test is run.

/// The size for every run, or with `FIIIIILM_TEST_SOAK` (`scripts/soak`) the size before a release.
pub(crate) fn size(ci: usize, release: usize) -> usize {
    if std::env::var_os("FIIIIILM_TEST_SOAK").is_some() { release } else { ci }
}
