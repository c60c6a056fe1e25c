#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fiiiiilm::fuzzing::webhook_body(data));
