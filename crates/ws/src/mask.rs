//! Masking of frames that go from client to server (RFC 6455 §5.3), and where the keys come from.

/// Where masking keys come from.
///
/// RFC 6455 §10.3 asks for keys that no observer can predict; [`SystemMask`] gives such keys.
/// Tests and benches may pass another source.
pub trait MaskSource {
    /// The key of the next frame.
    fn next_mask(&mut self) -> [u8; 4];
}

/// Keys from the operating system's cryptographic generator, fetched many at a time.
pub struct SystemMask {
    /// Random bytes; those before `used` were given out.
    pool: [u8; POOL_SIZE],
    used: usize,
}

impl SystemMask {
    /// A source that asks the system for nothing until its first key is wanted.
    pub fn new() -> Self {
        Self { pool: [0; POOL_SIZE], used: POOL_SIZE }
    }
}

impl Default for SystemMask {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SystemMask {
    /// Keys to come are secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemMask").finish_non_exhaustive()
    }
}

impl MaskSource for SystemMask {
    /// # Panics
    /// If the operating system has no random numbers, which its documentation rules out once the
    /// machine has booted.
    fn next_mask(&mut self) -> [u8; 4] {
        if self.used == POOL_SIZE {
            getrandom::fill(&mut self.pool).expect("the system's random generator works");
            self.used = 0;
        }
        let key = *self.pool[self.used..].first_chunk().expect("POOL_SIZE is a multiple of 4");
        self.used += key.len();
        key
    }
}

/// Masks or unmasks `payload` in place; `offset` is the position of its first byte in the frame's
/// payload.
pub fn apply_mask(payload: &mut [u8], key: [u8; 4], offset: u64) {
    let mut key = key;
    key.rotate_left((offset % 4) as usize);
    let wide = u128::from_ne_bytes(std::array::from_fn(|i| key[i % 4]));
    let (words, tail) = payload.as_chunks_mut::<16>();
    for word in words {
        *word = (u128::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

/// One system call pays for this many bytes of keys.
const POOL_SIZE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_at_every_length_and_offset() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for len in 0..70 {
            for offset in 0..9u64 {
                let plain: Vec<u8> = (0..len).collect();
                let mut masked = plain.clone();
                apply_mask(&mut masked, key, offset);
                for (i, byte) in masked.iter().enumerate() {
                    assert_eq!(*byte, plain[i] ^ key[(i + offset as usize) % 4]);
                }
            }
        }
    }

    #[test]
    fn system_keys_differ_and_outlast_the_pool() {
        let mut source = SystemMask::new();
        let keys: std::collections::BTreeSet<_> =
            (0..POOL_SIZE).map(|_| source.next_mask()).collect();
        assert!(keys.len() > POOL_SIZE - 4, "{}", keys.len());
    }
}
