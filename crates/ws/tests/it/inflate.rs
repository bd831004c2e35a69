//! A second opinion on DEFLATE data (RFC 1951): a slow inflater that also says how far back the
//! data refers, which a production inflater hides.

/// Inflates blocks until the input ends at a block border or a block has BFINAL. Gives the output
/// and the largest distance.
pub(crate) fn inflate(input: &[u8], history: &[u8]) -> (Vec<u8>, usize) {
    let mut bits = Bits { input, at: 0 };
    let mut out = history.to_vec();
    let mut farthest = 0;
    while bits.at + 3 <= input.len() * 8 {
        let last = bits.take(1) == 1;
        match bits.take(2) {
            0 => stored(&mut bits, &mut out),
            1 => {
                let lengths: Vec<u8> = (0..288)
                    .map(|symbol| match symbol {
                        144..=255 => 9,
                        256..=279 => 7,
                        _ => 8,
                    })
                    .collect();
                let far = coded(&mut bits, &mut out, &Code::new(&lengths), &Code::new(&[5; 30]));
                farthest = farthest.max(far);
            }
            2 => {
                let (literals, distances) = dynamic(&mut bits);
                farthest = farthest.max(coded(&mut bits, &mut out, &literals, &distances));
            }
            _ => panic!("reserved block type"),
        }
        if last {
            break;
        }
    }
    (out.split_off(history.len()), farthest)
}

struct Bits<'a> {
    input: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> usize {
        (0..count).fold(0, |value, i| {
            let bit = self.input[self.at / 8] >> (self.at % 8) & 1;
            self.at += 1;
            value | usize::from(bit) << i
        })
    }
}

/// A canonical Huffman code (§3.2.2).
struct Code {
    /// Codes per length, and symbols in order of their codes.
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|&s| lengths[s] > 0).collect();
        symbols.sort_by_key(|&symbol| lengths[symbol]);
        Self { counts, symbols }
    }

    fn decode(&self, bits: &mut Bits<'_>) -> usize {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.take(1);
            if code < first + count {
                return self.symbols[index + code - first];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        panic!("no such code")
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>) {
    bits.at = bits.at.next_multiple_of(8);
    let (length, complement) = (bits.take(16), bits.take(16));
    assert_eq!(length, !complement & 0xffff);
    out.extend((0..length).map(|_| bits.take(8) as u8));
}

fn dynamic(bits: &mut Bits<'_>) -> (Code, Code) {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let (literals, distances, codes) = (bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4);
    let mut lengths = [0; 19];
    for &symbol in &ORDER[..codes] {
        lengths[symbol] = bits.take(3) as u8;
    }
    let code = Code::new(&lengths);
    let mut lengths = Vec::new();
    while lengths.len() < literals + distances {
        let (length, times) = match code.decode(bits) {
            16 => (*lengths.last().unwrap(), 3 + bits.take(2)),
            17 => (0, 3 + bits.take(3)),
            18 => (0, 11 + bits.take(7)),
            length => (length as u8, 1),
        };
        lengths.extend((0..times).map(|_| length));
    }
    (Code::new(&lengths[..literals]), Code::new(&lengths[literals..]))
}

fn coded(bits: &mut Bits<'_>, out: &mut Vec<u8>, literals: &Code, distances: &Code) -> usize {
    let mut farthest = 0;
    loop {
        match literals.decode(bits) {
            256 => return farthest,
            symbol @ 0..=255 => out.push(symbol as u8),
            symbol => {
                let length = match symbol - 257 {
                    short @ 0..=7 => 3 + short,
                    28 => 258,
                    long => {
                        let extra = long / 4 - 1;
                        3 + ((4 + long % 4) << extra) + bits.take(extra as u32)
                    }
                };
                let distance = match distances.decode(bits) {
                    short @ 0..=3 => 1 + short,
                    long => {
                        let extra = long / 2 - 1;
                        1 + ((2 + long % 2) << extra) + bits.take(extra as u32)
                    }
                };
                farthest = farthest.max(distance);
                for _ in 0..length {
                    out.push(out[out.len() - distance]);
                }
            }
        }
    }
}
