//! Frame headers: what decodes encodes to the same bytes, and no shorter input decodes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sockeye_ws::frame::{Header, MAX_HEADER};

fuzz_target!(|bytes: &[u8]| {
    let Ok(Some((header, len))) = Header::decode(bytes) else {
        // A header is never longer than that: whatever follows, it is whole or broken by then.
        assert!(bytes.len() < MAX_HEADER || Header::decode(bytes).is_err());
        return;
    };
    let mut encoded = Vec::new();
    header.encode(&mut encoded);
    assert_eq!(encoded, &bytes[..len]);
    for cut in 0..len {
        assert_eq!(Header::decode(&bytes[..cut]), Ok(None));
    }
});
