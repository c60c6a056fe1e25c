#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fiiiiilm::fuzzing::access_token(data));
